namespace VendorPortal.Enrichment;

/// <summary>A user as the store knows it. <see cref="Always"/>: all its pulls, past ones too, belong to <see cref="Customer"/> (or to none).</summary>
public sealed record KnownUser(int Id, string Principal, string? Name, string? Email, string? Customer, bool Always);

/// <summary>What becomes of one user. <see cref="Known"/> is null where the user is new.</summary>
public sealed record UserChange(CustomerCsvRow Row, KnownUser? Known, bool Details, bool Moves, bool PastMoves);

/// <summary>
/// What a file would change, compared with what is stored. Pure: the preview shows it, applying computes it again in the transaction.
/// </summary>
public sealed record CustomerCsvPlan
{
    public required IReadOnlyList<string> NewCustomers { get; init; }

    /// <summary>Removed customers that the file names and that come back.</summary>
    public required IReadOnlyList<string> RestoredCustomers { get; init; }

    /// <summary>The users that change, in the order of the file.</summary>
    public required IReadOnlyList<UserChange> Changes { get; init; }

    public required int Unchanged { get; init; }

    public int Created => Changes.Count(c => c.Known is null);

    /// <summary>Known users who get another name or e-mail address.</summary>
    public int Edited => Changes.Count(c => c.Known is not null && c.Details);

    /// <summary>Known users who get another customer.</summary>
    public int Moved => Changes.Count(c => c.Known is not null && c.Moves);

    /// <summary>Users who keep their customer, whose earlier pulls join it.</summary>
    public int PastOnly => Changes.Count(c => c.Known is not null && !c.Moves && c.PastMoves);

    public bool IsEmpty => Changes.Count == 0 && NewCustomers.Count == 0 && RestoredCustomers.Count == 0;

    /// <summary>Compares a file with the store. <paramref name="customers"/>: by name, true where in use, false where removed.</summary>
    public static CustomerCsvPlan Compare(
        CustomerCsv csv, IReadOnlyDictionary<string, bool> customers, IReadOnlyDictionary<string, KnownUser> users, bool past)
    {
        var named = csv.Rows.Select(r => r.Customer).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var changes = new List<UserChange>();
        foreach (var row in csv.Rows)
        {
            var change = Compare(row, csv.Columns, users.GetValueOrDefault(row.Principal), past);
            if (change.Known is null || change.Details || change.Moves || change.PastMoves)
                changes.Add(change);
        }

        return new CustomerCsvPlan
        {
            NewCustomers = named.FindAll(name => !customers.ContainsKey(name)),
            RestoredCustomers = named.FindAll(name => customers.TryGetValue(name, out var inUse) && !inUse),
            Changes = changes,
            Unchanged = csv.Rows.Count - changes.Count,
        };
    }

    private static UserChange Compare(CustomerCsvRow row, CustomerCsvColumns columns, KnownUser? known, bool past)
    {
        var details = (columns.HasFlag(CustomerCsvColumns.Name) && row.Name != known?.Name)
            || (columns.HasFlag(CustomerCsvColumns.Email) && row.Email != known?.Email);
        var setsCustomer = columns.HasFlag(CustomerCsvColumns.Customer);
        var moves = setsCustomer && row.Customer != known?.Customer;
        var pastMoves = setsCustomer && past && (moves || known is { Always: false });
        return new UserChange(row, known, details, moves, pastMoves);
    }
}
