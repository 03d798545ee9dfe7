namespace VendorPortal.Segments;

/// <summary>
/// The pulls of a group in a period by kind, and its different addresses; where <paramref name="Period"/> is null, those
/// of the whole range.
/// </summary>
internal readonly record struct GroupSums(int? Period, int Group, KindSums Pulls, int Addresses);

/// <summary>
/// Sums of each artifact or version by period and over the whole range. Fed with rows newest first by <see cref="SegmentScan.Summarize"/>;
/// finish it after the last. A range may be summed up in parts that meet where a period begins.
/// </summary>
/// <param name="column">What makes the groups.</param>
/// <param name="firstGrains">The quarter hour each period begins with, ascending; what lies before the first belongs to it, too.</param>
/// <param name="groupOf">See <see cref="IPeriodSums.GroupOf"/>.</param>
internal sealed class GroupSummary(SegmentColumn column, long[] firstGrains, int[]? groupOf = null) : IPeriodSums, IDisposable
{
    private readonly DistinctPairs pairs = new();
    private readonly DistinctPairs wholePairs = new();
    private readonly List<GroupSums> sums = [];
    private KindSums[] period = [];
    private KindSums[] whole = [];
    private int[] distinct = [];
    private int current = firstGrains.Length - 1;

    public SegmentColumn Column => column;

    public long[] FirstGrains => firstGrains;

    public int[]? GroupOf => groupOf;

    /// <summary>Adds rows of one period: group, kind and address (or <see cref="SegmentLimits.Unknown"/>) of each. Periods come newest first.</summary>
    public void Add(int place, ReadOnlySpan<int> groups, ReadOnlySpan<int> kinds, ReadOnlySpan<int> addresses)
    {
        if (place != current)
            EndPeriod();
        current = place;
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= period.Length)
                Array.Resize(ref period, Math.Max(groups[i] + 1, 2 * period.Length));
            period[groups[i]][kinds[i]]++;
        }

        pairs.Add(groups, addresses);
    }

    /// <summary>Ends this part: nothing is added any more.</summary>
    public void Close()
    {
        EndPeriod();
        wholePairs.Compact();
    }

    /// <summary>
    /// The sums of every group with pulls: period by period, the newest first, then of the whole range, to which the parts
    /// <paramref name="before"/> this one belong, the newest first. All of them are closed.
    /// </summary>
    public IReadOnlyList<GroupSums> Finish(IReadOnlyList<GroupSummary> before)
    {
        foreach (var part in before)
        {
            sums.AddRange(part.sums);
            AddToWhole(part.whole);
            part.wholePairs.MoveTo(wholePairs);
        }

        Array.Resize(ref distinct, whole.Length);
        wholePairs.Count(distinct, whole: null);
        Report(null, whole);
        return sums;
    }

    public void Dispose()
    {
        pairs.Dispose();
        wholePairs.Dispose();
    }

    private void EndPeriod()
    {
        Array.Resize(ref distinct, period.Length);
        pairs.Count(distinct, wholePairs);
        Report(current, period);
        AddToWhole(period);
        Array.Clear(period);
    }

    private void AddToWhole(KindSums[] part)
    {
        if (whole.Length < part.Length)
            Array.Resize(ref whole, part.Length);
        for (var group = 0; group < part.Length; group++)
        {
            for (var kind = 0; kind < KindSums.Kinds; kind++)
                whole[group][kind] += part[group][kind];
        }
    }

    private void Report(int? place, KindSums[] pulls)
    {
        for (var group = 0; group < pulls.Length; group++)
        {
            if (((ReadOnlySpan<int>)pulls[group]).ContainsAnyExcept(0))
                sums.Add(new GroupSums(place, group, pulls[group], distinct[group]));
        }
    }
}
