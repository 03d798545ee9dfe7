using System.Buffers;

namespace VendorPortal.Segments;

/// <summary>
/// Counts the different members of each of many groups: collects pairs, sorts them by group and lets each group leave its mark on the
/// members it meets. No larger than the different pairs, whatever the numbers of groups and members; a bit for each would be.
/// </summary>
internal sealed class DistinctPairs : IDisposable
{
    private const int FirstRoom = 1 << 14;

    // Up to here growing is cheaper than looking for repeats: 8 MB.
    private const int SmallRoom = 1 << 20;

    private int[] groups = ArrayPool<int>.Shared.Rent(FirstRoom);
    private int[] members = ArrayPool<int>.Shared.Rent(FirstRoom);
    private int[] starts = [];
    private int[] marks = [];
    private int mark;
    private int length;
    private int maxGroup;
    private int maxMember;

    /// <summary>Adds pairs; what belongs to an unknown member is left out.</summary>
    public void Add(ReadOnlySpan<int> group, ReadOnlySpan<int> member)
    {
        if (length + group.Length > Math.Min(groups.Length, members.Length))
            MakeRoom(group.Length);
        var (at, intoGroups, intoMembers, highestGroup, highestMember) = (length, groups, members, maxGroup, maxMember);
        for (var i = 0; i < group.Length; i++)
        {
            intoGroups[at] = group[i];
            intoMembers[at] = member[i];
            highestGroup = Math.Max(highestGroup, group[i]);
            highestMember = Math.Max(highestMember, member[i]);
            at += member[i] == SegmentLimits.Unknown ? 0 : 1;
        }

        (length, maxGroup, maxMember) = (at, highestGroup, highestMember);
    }

    /// <summary>Sets for each group how many different members it has, gives the different pairs to <paramref name="whole"/>, and begins anew.</summary>
    public void Count(Span<int> byGroup, DistinctPairs? whole)
    {
        Compact();
        byGroup.Clear();
        foreach (var group in groups.AsSpan(0, length))
            byGroup[group]++;
        whole?.Add(groups.AsSpan(0, length), members.AsSpan(0, length));
        length = 0;
    }

    /// <summary>Gives all pairs to <paramref name="other"/>.</summary>
    public void MoveTo(DistinctPairs other)
    {
        other.Add(groups.AsSpan(0, length), members.AsSpan(0, length));
        length = 0;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(groups);
        ArrayPool<int>.Shared.Return(members);
        (groups, members) = ([], []);
    }

    private void MakeRoom(int more)
    {
        if (length >= SmallRoom)
            Compact();
        // Compacting pays where it frees at least half; otherwise it would be done again soon.
        if (2 * (length + more) <= Math.Min(groups.Length, members.Length))
            return;
        Grow(ref groups, 2 * (length + more));
        Grow(ref members, 2 * (length + more));
    }

    private void Grow(ref int[] array, int room)
    {
        var larger = ArrayPool<int>.Shared.Rent(room);
        array.AsSpan(0, length).CopyTo(larger);
        ArrayPool<int>.Shared.Return(array);
        array = larger;
    }

    /// <summary>Sorts by group, by counting, and drops repeats.</summary>
    public void Compact()
    {
        if (length == 0)
            return;
        MakeRoomForNumbers();
        var sorted = ArrayPool<int>.Shared.Rent(length);
        foreach (var group in groups.AsSpan(0, length))
            starts[group + 1]++;
        for (var group = 0; group <= maxGroup; group++)
            starts[group + 1] += starts[group];
        for (var i = 0; i < length; i++)
            sorted[starts[groups[i]]++] = members[i]; // afterwards each start is where the next group begins
        var (kept, at) = (0, 0);
        for (var group = 0; group <= maxGroup; group++)
        {
            mark++;
            for (var end = starts[group]; at < end; at++)
            {
                // Without a branch: a pair is always written, and kept by moving on.
                var member = sorted[at];
                groups[kept] = group;
                members[kept] = member;
                kept += marks[member] == mark ? 0 : 1;
                marks[member] = mark;
            }
        }

        length = kept;
        ArrayPool<int>.Shared.Return(sorted);
    }

    private void MakeRoomForNumbers()
    {
        if (starts.Length < maxGroup + 2)
            starts = new int[maxGroup + 2];
        Array.Clear(starts);
        if (marks.Length <= maxMember)
            (marks, mark) = (new int[maxMember + 1], 0);
    }
}
