namespace VendorPortal.Usage;

/// <summary>Whether a person opted out of analytics, and from when on what they do counts. A function of all they have ever said, in whatever order it arrived.</summary>
/// <param name="IsOptedOut">Nothing counts.</param>
/// <param name="CountsFromUtc">Set for who came back: what lies before does not count.</param>
public readonly record struct UsageState(bool IsOptedOut, DateTime? CountsFromUtc)
{
    /// <summary>
    /// Out where the newest word is "out", which wins a tie. Who came back counts from the first "in" after the last "out"; who never opted out
    /// counts from the beginning, also where an "in" was said.
    /// </summary>
    public static UsageState Of(IEnumerable<(DateTime AtUtc, bool IsOut)> said)
    {
        var all = said.ToList();
        if (!all.Exists(word => word.IsOut))
            return default;
        var lastOut = all.Where(word => word.IsOut).Max(word => word.AtUtc);
        var back = all.Where(word => !word.IsOut && word.AtUtc > lastOut).Select(word => (DateTime?)word.AtUtc).Min();
        return new UsageState(back is null, back);
    }

    /// <summary>Whether what happened at a moment counts.</summary>
    public bool Counts(DateTime atUtc) => !IsOptedOut && (CountsFromUtc is not { } from || atUtc >= from);
}
