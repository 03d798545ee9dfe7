namespace VendorPortal.Components.Charts;

/// <summary>
/// A line of a <see cref="BarList"/>: <paramref name="Key"/> is what it stands for, since two may read the same, <paramref name="Title"/> is the label in
/// full, <paramref name="Href"/> where its number leads, if anywhere.
/// </summary>
public sealed record BarItem(object Key, string Label, string Title, long Value, string? Href = null)
{
    /// <summary>The value itself, where something else is drawn by it: the code of a country.</summary>
    public string? Code { get; init; }
}
