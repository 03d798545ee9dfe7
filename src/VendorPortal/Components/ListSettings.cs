using Microsoft.AspNetCore.WebUtilities;

namespace VendorPortal.Components;

/// <summary>Columns of the list of pulls, in their order.</summary>
[Flags]
public enum ListColumns
{
    None = 0,
    Date = 1,
    Customer = 1 << 1,
    User = 1 << 2,
    Address = 1 << 3,
    Artifact = 1 << 4,
    Version = 1 << 5,
    Kind = 1 << 6,
    Client = 1 << 7,
    Digest = 1 << 8,
    Country = 1 << 9,
    Host = 1 << 10,
    NetworkType = 1 << 11,
    Requests = 1 << 12,
    Status = 1 << 13,
}

/// <summary>How a person wants the list of pulls to look. Kept in a cookie, so that the first page a server sends looks so already.</summary>
public sealed record ListSettings
{
    /// <summary>The columns shown to who has chosen none.</summary>
    public const ListColumns Usual = ListColumns.Date | ListColumns.Customer | ListColumns.User | ListColumns.Address
        | ListColumns.Artifact | ListColumns.Version | ListColumns.Kind | ListColumns.Client;

    /// <summary>Every column, in the order of the list.</summary>
    public static readonly IReadOnlyList<ListColumns> All = [.. Enum.GetValues<ListColumns>().Where(column => column != ListColumns.None)];

    /// <summary>How many rows may be read at once.</summary>
    public static readonly IReadOnlyList<int> Batches = [50, 100, 200];

    /// <summary>What is shown to who has chosen nothing.</summary>
    public static readonly ListSettings Default = new();

    /// <summary>The columns shown. The date is always one of them: it is what a row is opened by.</summary>
    public ListColumns Columns { get; init; } = Usual;

    /// <summary>Rows of 44 px in place of 36.</summary>
    public bool IsComfortable { get; init; }

    /// <summary>Times as <c>5 min ago</c>.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Rows read at once, one of <see cref="Batches"/>.</summary>
    public int Batch { get; init; } = Batches[0];

    /// <summary>True where there are columns beyond the usual ones.</summary>
    public bool IsWide => (Columns & ~Usual) != ListColumns.None;

    public bool Shows(ListColumns column) => column == ListColumns.Date || Columns.HasFlag(column);

    /// <summary>These settings with a column shown that was not, or the other way round.</summary>
    public ListSettings Toggle(ListColumns column) => this with { Columns = (Columns ^ column) | ListColumns.Date };

    /// <summary>The value of the cookie.</summary>
    public string Format()
    {
        var columns = string.Join('.', All.Where(Shows).Select(column => column.ToString()));
        return FormattableString.Invariant($"columns={columns}&rows={(IsComfortable ? "comfortable" : "compact")}&time={(IsRelative ? "relative" : "absolute")}&batch={Batch}");
    }

    /// <summary>The settings of a cookie; what cannot be read is as usual. A browser sends what it likes.</summary>
    public static ListSettings Parse(string? cookie)
    {
        if (cookie is not { Length: > 0 and <= 500 })
            return Default;
        var parts = QueryHelpers.ParseQuery(cookie);
        var columns = All.Where(column => parts.TryGetValue("columns", out var names) && names.ToString().Split('.').Contains(column.ToString(), StringComparer.Ordinal))
            .Aggregate(ListColumns.None, (sum, column) => sum | column);
        return new ListSettings
        {
            Columns = columns == ListColumns.None ? Usual : columns | ListColumns.Date,
            IsComfortable = parts.TryGetValue("rows", out var rows) && rows == "comfortable",
            IsRelative = parts.TryGetValue("time", out var time) && time == "relative",
            Batch = parts.TryGetValue("batch", out var batch) ? Batches.FirstOrDefault(size => batch == FormattableString.Invariant($"{size}"), Batches[0]) : Batches[0],
        };
    }
}

/// <summary>The settings of the person who looks, for as long as their circuit lives: the cookie is only read when a circuit starts.</summary>
public sealed class ListSettingsMemory(ListSettings current)
{
    public ListSettings Current { get; set; } = current;
}
