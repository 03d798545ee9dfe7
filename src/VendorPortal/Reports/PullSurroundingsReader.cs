using System.Data.Common;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>What stands around a pull, newest first.</summary>
/// <param name="SameClient">Pulls by the same tool from the same address shortly before and after; the pull itself is not among them.</param>
/// <param name="History">The customer's latest pulls of the artifact, the pull itself among them where it is one of the latest.</param>
public sealed record SurroundingPulls(IReadOnlyList<PullItem> SameClient, IReadOnlyList<PullItem> History);

/// <summary>Reads what stands around a pull, by the filters its links lead to.</summary>
public sealed class PullSurroundingsReader(PortalDatabase database)
{
    /// <summary>How far from the pull its client's other pulls are looked for.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromMinutes(30);

    private const int EachSide = 4;
    private const int Latest = 6;

    // A list begins at its newest end, so what lies just above a pull is looked for in ever wider spans.
    private const int MostAbove = 200;
    private static readonly TimeSpan[] Spans = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2), Reach];

    /// <summary>The filter of the same client around a pull; null where the address is not known.</summary>
    public static PullFilter? SameClient(PullItem pull) => pull.Address is null ? null : new PullFilter
    {
        Addresses = [pull.Address],
        Clients = [pull.Client ?? PullFilter.None],
        FromUtc = pull.AtUtc - Reach,
        ToUtc = pull.AtUtc + Reach,
        Publishers = PublisherPulls.Include,
    };

    /// <summary>The filter of the customer's pulls of the artifact; null where the customer is not known.</summary>
    public static PullFilter? History(PullItem pull) => pull.Customer is null ? null : new PullFilter
    {
        Customers = [pull.Customer],
        Artifacts = [pull.Artifact],
        Publishers = pull.IsPublisher || pull.IsAuxiliary ? PublisherPulls.Include : PublisherPulls.Exclude,
    };

    public Task<SurroundingPulls> ReadAsync(int vendorId, PullItem pull, CancellationToken ct) =>
        database.ReadLogAsync(
            vendorId,
            connection => new SurroundingPulls(
                SameClient(pull) is { } client ? ReadAround(connection, vendorId, client, pull) : [],
                History(pull) is { } history ? PullRows.ReadNewest(connection, PullSelector.Select(connection, vendorId, history), Latest) : []),
            ct);

    private static List<PullItem> ReadAround(DbConnection connection, int vendorId, PullFilter filter, PullItem pull)
    {
        var selection = PullSelector.Select(connection, vendorId, filter);
        List<PullItem> above = [];
        foreach (var span in Spans)
        {
            above = PullRows.ReadNewest(connection, selection.Above(pull.Id).Below(PullIds.Bound(pull.AtUtc + span)), MostAbove);
            if (above.Count >= EachSide)
                break;
        }

        var below = PullRows.ReadNewest(connection, selection.Below(pull.Id), EachSide);
        return [.. above.TakeLast(EachSide), .. below];
    }
}
