using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>
/// The rows a page holds of one filter, newest first. It grows at the end by <see cref="MoreAsync"/> and on top by
/// <see cref="TakeNewerAsync"/>; both continue at an id, so that rows arriving in between are neither repeated nor lost.
/// </summary>
public sealed class PullLog(PullReader reader, int vendorId)
{
    /// <summary>Most rows kept: about 3 kB of the server's memory each. Beyond them there is the export.</summary>
    public const int MaxRows = 2000;

    private const int MaxNewer = 1000;

    /// <summary>Rows read at once.</summary>
    public int Batch { get; set; } = ListSettings.Default.Batch;

    /// <summary>The filter of <see cref="Rows"/>; null before the first load.</summary>
    public PullFilter? Filter { get; private set; }

    public IReadOnlyList<PullItem> Rows { get; private set; } = [];

    /// <summary>The id to continue below; null at the end of the log.</summary>
    public long? Next { get; private set; }

    /// <summary>Pulls above the first row that are not shown yet, at most <see cref="MaxNewer"/>.</summary>
    public int Newer { get; private set; }

    /// <summary>How many rows were put on top since the filter was read.</summary>
    public int OnTop { get; private set; }

    /// <summary>Rows above this id came in while the page was open.</summary>
    public long FreshAbove { get; private set; } = long.MaxValue;

    /// <summary>True where older rows exist and may still be loaded.</summary>
    public bool HasMore => Next is not null && Rows.Count < MaxRows;

    /// <summary>True where older rows exist, but the page holds as many as it may.</summary>
    public bool IsFull => Next is not null && Rows.Count >= MaxRows;

    /// <summary>Takes rows that were read before, by the prerendered page.</summary>
    public void Restore(PullFilter filter, PullPage page) => Set(filter, page);

    /// <summary>Reads the first page of a filter. The former rows stay until it is there.</summary>
    public async Task LoadAsync(PullFilter filter, CancellationToken ct)
    {
        var page = await reader.ReadPageAsync(vendorId, filter, before: null, Batch, ct);
        ct.ThrowIfCancellationRequested();
        Set(filter, page);
    }

    /// <summary>Reads the next page below the last row.</summary>
    public async Task MoreAsync(CancellationToken ct)
    {
        if (Filter is not { } filter || Next is not { } before || !HasMore)
            return;
        var page = await reader.ReadPageAsync(vendorId, filter, before, Math.Min(Batch, MaxRows - Rows.Count), ct);
        ct.ThrowIfCancellationRequested();
        if (!ReferenceEquals(filter, Filter) || Next != before)
            return;
        Rows = [.. Rows, .. page.Items];
        Next = page.Next;
    }

    /// <summary>Counts what has come in above the first row.</summary>
    public async Task CountNewerAsync(CancellationToken ct)
    {
        if (Filter is not { } filter || Rows.Count == 0)
            return;
        var top = Rows[0].Id;
        var newer = await reader.ReadNewerAsync(vendorId, filter, top, MaxNewer, ct);
        if (ReferenceEquals(filter, Filter) && Rows.Count > 0 && Rows[0].Id == top)
            Newer = newer.Count;
    }

    /// <summary>Puts what has come in above the first row. Where that is too much to close the gap, starts over at the top.</summary>
    public async Task TakeNewerAsync(CancellationToken ct)
    {
        if (Filter is not { } filter || Rows.Count == 0)
            return;
        var top = Rows[0].Id;
        var newer = await reader.ReadNewerAsync(vendorId, filter, top, MaxNewer, ct);
        ct.ThrowIfCancellationRequested();
        if (!ReferenceEquals(filter, Filter) || Rows[0].Id != top)
            return;
        if (newer.Count >= MaxNewer)
        {
            await LoadAsync(filter, ct);
            return;
        }

        Rows = [.. newer, .. Rows];
        OnTop += newer.Count;
        FreshAbove = top;
        Newer = 0;
        if (Rows.Count > MaxRows)
        {
            Rows = [.. Rows.Take(MaxRows)];
            Next = Rows[^1].Id;
        }
    }

    /// <summary>The neighbours of a pull in the loaded list, whether it is one of its rows or not: the newer one above, the older one below.</summary>
    public (long? Above, long? Below) Around(long id)
    {
        var (above, below) = ((long?)null, (long?)null);
        foreach (var row in Rows)
        {
            if (row.Id > id)
                above = row.Id;
            else if (row.Id < id)
            {
                below = row.Id;
                break;
            }
        }

        return (above, below);
    }

    private void Set(PullFilter filter, PullPage page)
    {
        Filter = filter;
        Rows = page.Items;
        Next = page.Next;
        Newer = 0;
        OnTop = 0;
        FreshAbove = long.MaxValue;
    }
}
