using System.Globalization;

namespace VendorPortal.Feeds.Following;

/// <summary>
/// The older files of a log as logrotate names them: <c>access.log.1</c>, <c>access.log.2</c>, … (the higher the older), or with a date,
/// <c>access.log-20260501</c> (the higher the newer). Compressed ones are not among them.
/// </summary>
internal static class RotatedFiles
{
    // Numbers of files are short, dates are not.
    private const int MaxNumber = 4;

    /// <summary>Full paths, the oldest first.</summary>
    public static IReadOnlyList<string> Of(string path)
    {
        var name = Path.GetFileName(path);
        if (Path.GetDirectoryName(path) is not { } folder || !Directory.Exists(folder))
            return [];
        var rotated = new List<(int Number, string Date, string Path)>();
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            var other = Path.GetFileName(file);
            if (!other.StartsWith(name, StringComparison.Ordinal) || other.Length < name.Length + 2 || other[name.Length] is not ('.' or '-'))
                continue;
            var suffix = other[(name.Length + 1)..];
            if (!char.IsAsciiDigit(suffix[0]) || suffix.Any(c => !char.IsAsciiDigit(c) && c is not ('-' or '_' or 'T')))
                continue;
            var isNumber = suffix.Length <= MaxNumber && int.TryParse(suffix, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            rotated.Add(isNumber ? (int.Parse(suffix, CultureInfo.InvariantCulture), "", file) : (0, suffix, file));
        }

        return [.. rotated.OrderByDescending(r => r.Number).ThenBy(r => r.Date, StringComparer.Ordinal).Select(r => r.Path)];
    }
}
