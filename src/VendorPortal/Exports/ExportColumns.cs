namespace VendorPortal.Exports;

/// <summary>The columns of an export by the names that people choose them by: those of the API, and <c>date</c> for the time.</summary>
internal static class ExportColumns
{
    /// <summary>The seven of the Downloads page.</summary>
    public static readonly IReadOnlyList<PullColumn> Page =
        [PullColumn.At, PullColumn.Customer, PullColumn.User, PullColumn.Email, PullColumn.Address, PullColumn.Artifact, PullColumn.Version];

    private const string Date = "date";

    /// <summary>All names, those of the page first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Page.Concat(Enum.GetValues<PullColumn>().Except(Page)).Select(NameOf)];

    /// <summary>What is accepted, in words.</summary>
    public static string Accepted { get; } = $"default, all, or some of {string.Join(", ", Names)}, with commas between them";

    public static string NameOf(PullColumn column) => column == PullColumn.At ? Date : char.ToLowerInvariant(column.ToString()[0]) + column.ToString()[1..];

    public static string NameOf(ExportFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>Reads <c>default</c>, <c>all</c> or names with commas between them into the options; null where it is none of these.</summary>
    public static ExportOptions? Apply(ExportOptions options, string text)
    {
        if (string.Equals(text, "default", StringComparison.OrdinalIgnoreCase))
            return options;
        if (string.Equals(text, "all", StringComparison.OrdinalIgnoreCase))
            return options with { AllColumns = true };
        var columns = text.Split(',', StringSplitOptions.TrimEntries).Select(Find).Distinct().ToList();
        return columns.Contains(null) ? null : options with { Columns = [.. columns.Select(column => column!.Value)] };
    }

    // By name only: a number is also what an enumeration can be read from.
    private static PullColumn? Find(string name)
    {
        foreach (var column in Enum.GetValues<PullColumn>())
        {
            if (string.Equals(NameOf(column), name, StringComparison.OrdinalIgnoreCase) || string.Equals(column.ToString(), name, StringComparison.OrdinalIgnoreCase))
                return column;
        }

        return null;
    }
}
