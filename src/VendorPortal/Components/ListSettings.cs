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

    /// <summary>Every column, in the order they have for who has chosen none.</summary>
    public static readonly IReadOnlyList<ListColumns> All = [.. Enum.GetValues<ListColumns>().Where(column => column != ListColumns.None)];

    /// <summary>How many rows may be read at once.</summary>
    public static readonly IReadOnlyList<int> Batches = [50, 100, 200];

    /// <summary>What is shown to who has chosen nothing.</summary>
    public static readonly ListSettings Default = new();

    /// <summary>The columns shown. The date is always one of them: it is what a row is opened by.</summary>
    public ListColumns Columns { get; init; } = Usual;

    /// <summary>Every column, shown or not, from left to right. The date is the first of them.</summary>
    public IReadOnlyList<ListColumns> Order { get; init; } = All;

    /// <summary>Rows of 44 px in place of 36.</summary>
    public bool IsComfortable { get; init; }

    /// <summary>Times as <c>5 min ago</c>.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Rows read at once, one of <see cref="Batches"/>.</summary>
    public int Batch { get; init; } = Batches[0];

    /// <summary>True where there are columns beyond the usual ones.</summary>
    public bool IsWide => (Columns & ~Usual) != ListColumns.None;

    /// <summary>The columns shown, from left to right.</summary>
    public IEnumerable<ListColumns> Shown => Order.Where(Shows);

    public bool Shows(ListColumns column) => column == ListColumns.Date || Columns.HasFlag(column);

    /// <summary>These settings with a column shown that was not, or the other way round.</summary>
    public ListSettings Toggle(ListColumns column) => this with { Columns = (Columns ^ column) | ListColumns.Date };

    /// <summary>These settings with a column further left (negative) or right in the order; the date keeps its place.</summary>
    public ListSettings Move(ListColumns column, int by)
    {
        var order = Order.ToList();
        var at = order.IndexOf(column);
        var to = Math.Clamp(at + by, 1, order.Count - 1);
        if (at < 1 || to == at)
            return this;
        order.RemoveAt(at);
        order.Insert(to, column);
        return this with { Order = order };
    }

    // Two are the same where their cookies are; an order is compared by what it says.
    public bool Equals(ListSettings? other) => ReferenceEquals(this, other) || (other is not null && Format() == other.Format());

    public override int GetHashCode() => Format().GetHashCode(StringComparison.Ordinal);

    /// <summary>The value of the cookie: the columns in their order, those that are hidden with a minus.</summary>
    public string Format()
    {
        var columns = string.Join('.', Order.Select(column => Shows(column) ? $"{column}" : $"-{column}"));
        return FormattableString.Invariant($"columns={columns}&rows={(IsComfortable ? "comfortable" : "compact")}&time={(IsRelative ? "relative" : "absolute")}&batch={Batch}");
    }

    /// <summary>The settings of a cookie; what cannot be read is as usual. A browser sends what it likes.</summary>
    public static ListSettings Parse(string? cookie)
    {
        if (cookie is not { Length: > 0 and <= 500 })
            return Default;
        var parts = QueryHelpers.ParseQuery(cookie);
        var names = parts.TryGetValue("columns", out var written) ? written.ToString().Split('.') : [];
        var columns = All.Where(column => names.Contains(column.ToString(), StringComparer.Ordinal)).Aggregate(ListColumns.None, (sum, column) => sum | column);
        return new ListSettings
        {
            Columns = columns == ListColumns.None ? Usual : columns | ListColumns.Date,
            Order = OrderOf(names),
            IsComfortable = parts.TryGetValue("rows", out var rows) && rows == "comfortable",
            IsRelative = parts.TryGetValue("time", out var time) && time == "relative",
            Batch = parts.TryGetValue("batch", out var batch) ? Batches.FirstOrDefault(size => batch == FormattableString.Invariant($"{size}"), Batches[0]) : Batches[0],
        };
    }

    // A column the cookie does not know stands behind the one it usually follows.
    private static List<ListColumns> OrderOf(IEnumerable<string> names)
    {
        var order = names.Select(name => All.FirstOrDefault(column => column.ToString() == name.TrimStart('-'))).Where(column => column != ListColumns.None).Distinct().ToList();
        order.Remove(ListColumns.Date);
        order.Insert(0, ListColumns.Date);
        for (var i = 1; i < All.Count; i++)
        {
            if (!order.Contains(All[i]))
                order.Insert(order.IndexOf(All[i - 1]) + 1, All[i]);
        }

        return order;
    }
}

/// <summary>The settings of the person who looks, for as long as their circuit lives: the cookie is only read when a circuit starts.</summary>
public sealed class ListSettingsMemory(ListSettings current)
{
    public ListSettings Current { get; set; } = current;
}
