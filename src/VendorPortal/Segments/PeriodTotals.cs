namespace VendorPortal.Segments;

/// <summary>What <see cref="SegmentScan.Summarize"/> gives the rows of a segment to, period by period.</summary>
internal interface IPeriodSums
{
    /// <summary>What makes the groups.</summary>
    SegmentColumn Column { get; }

    /// <summary>The quarter hour each period begins with, ascending; what lies before the first belongs to it, too.</summary>
    long[] FirstGrains { get; }

    /// <summary>The group of each of the column's numbers + 1, where several make one; what lies beyond is of group 0. Null where each is its own.</summary>
    int[]? GroupOf { get; }

    /// <summary>Adds rows of one period: group, kind and address (or <see cref="SegmentLimits.Unknown"/>) of each.</summary>
    void Add(int place, ReadOnlySpan<int> groups, ReadOnlySpan<int> kinds, ReadOnlySpan<int> addresses);
}

/// <summary>
/// Pulls of each period by group and kind, and the different addresses of all groups together. Takes segments in any order; parts that saw
/// different segments add up.
/// </summary>
internal sealed class PeriodTotals(SegmentColumn column, long[] firstGrains, int[]? groupOf) : IPeriodSums
{
    private readonly IdBits[] addresses = Array.ConvertAll(firstGrains, static _ => new IdBits());

    public SegmentColumn Column => column;

    public long[] FirstGrains => firstGrains;

    public int[]? GroupOf => groupOf;

    /// <summary>Of each period by group; groups without pulls may be missing at the end.</summary>
    public KindSums[][] Sums { get; } = Array.ConvertAll(firstGrains, static _ => Array.Empty<KindSums>());

    public void Add(int place, ReadOnlySpan<int> groups, ReadOnlySpan<int> kinds, ReadOnlySpan<int> from)
    {
        var sums = Sums[place];
        var seen = addresses[place];
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= sums.Length)
                Array.Resize(ref sums, Math.Max(groups[i] + 1, 2 * sums.Length));
            sums[groups[i]][kinds[i]]++;
            seen.Add(from[i]);
        }

        Sums[place] = sums;
    }

    public void Add(PeriodTotals other)
    {
        for (var place = 0; place < Sums.Length; place++)
        {
            var theirs = other.Sums[place];
            if (Sums[place].Length < theirs.Length)
                Array.Resize(ref Sums[place], theirs.Length);
            for (var group = 0; group < theirs.Length; group++)
            {
                for (var kind = 0; kind < KindSums.Kinds; kind++)
                    Sums[place][group][kind] += theirs[group][kind];
            }

            addresses[place].UnionWith(other.addresses[place]);
        }
    }

    /// <summary>The different addresses of a period.</summary>
    public long AddressesOf(int place) => addresses[place].CountKnown();

    /// <summary>The different addresses of all periods together.</summary>
    public long Addresses()
    {
        var all = new IdBits();
        foreach (var part in addresses)
            all.UnionWith(part);
        return all.CountKnown();
    }
}
