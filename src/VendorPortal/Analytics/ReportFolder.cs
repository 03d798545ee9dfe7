using System.Globalization;
using VendorPortal.Hosting;

namespace VendorPortal.Analytics;

/// <summary>The files of kept reports, under names of their revisions. A file may be removed while it is read: whoever is reading it reads on.</summary>
internal sealed class ReportFolder(PortalOptions options, TimeProvider time)
{
    // What is being written is younger.
    private static readonly TimeSpan LeftOver = TimeSpan.FromDays(1);

    /// <summary>The folder of a vendor.</summary>
    public string Of(int vendorId) => ReportOptions.FolderIn(options.DataDirectory, vendorId);

    public string PathOf(int vendorId, ReportKey key, int revision, int part) =>
        Path.Combine(Of(vendorId), string.Create(CultureInfo.InvariantCulture, $"{NameOf(key)}.r{revision}.{part}.csv"));

    /// <summary>Null where the file is not there.</summary>
    public static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>From now on it counts how long the file is no longer of the catalogue.</summary>
    public void Touch(string path)
    {
        if (File.Exists(path))
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Files that go where they are not of the catalogue: superseded so long ago that no address of them works any more, or left half-written by a process that ended.</summary>
    public IReadOnlyList<FileInfo> Old(int vendorId)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var folder = new DirectoryInfo(Of(vendorId));
        return folder.Exists ? [.. folder.EnumerateFiles().Where(file => LifetimeOf(file) is { } lifetime && now - file.LastWriteTimeUtc > lifetime)] : [];
    }

    /// <summary>Removes all revisions of a report.</summary>
    public void Remove(int vendorId, ReportKey key)
    {
        if (!Directory.Exists(Of(vendorId)))
            return;
        foreach (var path in Directory.EnumerateFiles(Of(vendorId), $"{NameOf(key)}.r*.csv"))
            File.Delete(path);
    }

    /// <summary>Removes all files of a vendor.</summary>
    public void Remove(int vendorId)
    {
        if (Directory.Exists(Of(vendorId)))
            Directory.Delete(Of(vendorId), recursive: true);
    }

    private static TimeSpan? LifetimeOf(FileInfo file) => file.Extension switch
    {
        ".csv" => ReportPaths.LinkLifetime,
        ".tmp" => LeftOver,
        _ => null,
    };

    private static string NameOf(ReportKey key) => $"{key.Period}_{ReportNames.Of(key.View)}_{ReportPaths.Hash(key.Namespace)}";
}
