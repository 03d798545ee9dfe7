namespace VendorPortal.Security;

/// <summary>Return addresses that came with a request.</summary>
public static class LocalUrl
{
    /// <summary>The address where it stays on this portal, else <paramref name="otherwise"/>.</summary>
    public static string Or(string? url, string otherwise) => IsLocal(url) ? url! : otherwise;

    /// <summary>
    /// True for a path of this portal: one leading slash, not two, and no backslash or control character, which browsers
    /// read as a slash or drop.
    /// </summary>
    public static bool IsLocal(string? url) =>
        url is ['/', ..] && url is not ['/', '/', ..] && url.Length <= 2000 && !url.Any(c => c == '\\' || char.IsControl(c));
}
