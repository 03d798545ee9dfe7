using System.Numerics;

namespace VendorPortal.Segments;

/// <summary>A set of small numbers, a bit each. Grows as it is written to; <see cref="SegmentLimits.Unknown"/> is a member like any other.</summary>
internal sealed class IdBits
{
    private ulong[] words = new ulong[16];

    public static IdBits Of(ReadOnlySpan<int> ids)
    {
        var bits = new IdBits();
        foreach (var id in ids)
            bits.Add(id);
        return bits;
    }

    public void Add(int id)
    {
        var place = id + 1;
        if (place >> 6 >= words.Length)
            Array.Resize(ref words, Math.Max(words.Length * 2, (place >> 6) + 1));
        words[place >> 6] |= 1UL << place;
    }

    public void UnionWith(IdBits other)
    {
        if (words.Length < other.words.Length)
            Array.Resize(ref words, other.words.Length);
        for (var i = 0; i < other.words.Length; i++)
            words[i] |= other.words[i];
    }

    public bool Contains(int id)
    {
        var place = id + 1;
        return place >> 6 < words.Length && (words[place >> 6] & (1UL << place)) != 0;
    }

    public bool ContainsAll(ReadOnlySpan<int> ids)
    {
        foreach (var id in ids)
        {
            if (!Contains(id))
                return false;
        }

        return true;
    }

    public bool IsEmpty => !words.AsSpan().ContainsAnyExcept(0UL);

    /// <summary>Lists the known numbers, ascending.</summary>
    public void AddTo(List<int> known)
    {
        for (var i = 0; i < words.Length; i++)
        {
            for (var word = words[i]; word != 0; word &= word - 1)
            {
                if ((i << 6) + BitOperations.TrailingZeroCount(word) - 1 is not SegmentLimits.Unknown and var id)
                    known.Add(id);
            }
        }
    }

    /// <summary>All numbers, <see cref="SegmentLimits.Unknown"/> among them, where they are no more than <paramref name="most"/>; else null.</summary>
    public int[]? Few(int most)
    {
        var count = 0;
        foreach (var word in words)
            count += BitOperations.PopCount(word);
        if (count > most)
            return null;
        var known = new List<int>(count);
        if (Contains(SegmentLimits.Unknown))
            known.Add(SegmentLimits.Unknown);
        AddTo(known);
        return [.. known];
    }

    /// <summary>How many known numbers are in the set.</summary>
    public long CountKnown()
    {
        long count = 0;
        foreach (var word in words)
            count += BitOperations.PopCount(word);
        return count - (Contains(SegmentLimits.Unknown) ? 1 : 0);
    }
}
