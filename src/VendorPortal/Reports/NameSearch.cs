namespace VendorPortal.Reports;

/// <summary>
/// Finds text within names, in any case. The store's comparison of letters beyond ASCII differs from one to the other, so it only
/// narrows down: its pattern finds all that match, and <see cref="Matches"/> decides.
/// </summary>
internal sealed record NameSearch(string Text)
{
    /// <summary>For <c>lower(name) LIKE … ESCAPE '!'</c>.</summary>
    public string Pattern => $"%{string.Concat(Text.Select(Part))}%";

    public bool Matches(string? name) => name?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true;

    private static string Part(char letter) => letter switch
    {
        '%' or '_' or '!' => $"!{letter}",
        _ when char.IsAscii(letter) => $"{char.ToLowerInvariant(letter)}",
        _ => "%",
    };
}
