using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.ExceptionServices;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>From a selection to the segments it is answered from, which the processors share.</summary>
internal static class LogScan
{
    // More would wait for each other: the bytes of segments come from one connection.
    private const int MaxThreads = 4;

    // Most pages are full after a few segments, or even the first.
    private const int Alone = 4;

    private static readonly int Threads = Math.Min(MaxThreads, Environment.ProcessorCount);

    /// <summary>Ids a selection keeps, newest first, at most <paramref name="limit"/>.</summary>
    public static List<long> NewestIds(DbConnection connection, PullSelection selection, int limit)
    {
        if (selection.KeepsNothing)
            return [];
        var page = new Page(limit);
        using var log = new SegmentedLog(connection, selection.VendorId, selection.Filter);
        using var parts = log.Parts().GetEnumerator();
        using (var lane = new Lane(selection.Filter))
        {
            for (var place = 0; place < Alone; place++)
            {
                if (!parts.MoveNext() || page.Add(place, lane.Page(parts.Current, limit)))
                    return page.Newest();
            }
        }

        Share(
            Rest(parts), () => new Lane(selection.Filter),
            (lane, part, place, state) =>
            {
                if (page.Add(Alone + place, lane.Page(part, limit)))
                    state.Stop();
            },
            lane => lane.Dispose());
        return page.Newest();
    }

    /// <summary>
    /// Shows every segment that may matter to <paramref name="look"/>. Each thread has an answer of its own, made by <paramref name="begin"/>, and
    /// sees its segments newest first; <paramref name="end"/> puts the answers together, one at a time.
    /// </summary>
    public static void Each<T>(DbConnection connection, PullSelection selection, Func<T> begin, Action<T, SegmentScan, PullSegment> look, Action<T> end)
    {
        if (selection.Filter.FirstId >= selection.Filter.EndId)
            return;
        var ending = new Lock();
        using var log = new SegmentedLog(connection, selection.VendorId, selection.Filter);
        Share(
            log.Parts(), () => (Answer: begin(), Lane: new Lane(selection.Filter)),
            (own, part, _, _) => own.Lane.Look(part, own.Answer, look),
            own =>
            {
                own.Lane.Dispose();
                lock (ending)
                    end(own.Answer);
            });
    }

    /// <summary>
    /// As <see cref="Each"/>, for answers that need what they sum up together: each range (from, end) of ids has one of the <paramref name="answers"/>,
    /// in their order, which sees its segments newest first.
    /// </summary>
    public static void EachRange<T>(
        DbConnection connection, PullSelection selection, IReadOnlyList<(long FirstId, long EndId)> ranges, T[] answers, Action<T, SegmentScan, PullSegment> look, Action<T> end)
    {
        Share(
            ranges, () => 0,
            (_, range, place, _) =>
            {
                var part = selection.Above(range.FirstId - 1).Below(range.EndId);
                While(connection, part, (scan, segment) =>
                {
                    look(answers[place], scan, segment);
                    return true;
                });
                end(answers[place]);
            },
            _ => { });
    }

    /// <summary>As <see cref="Each"/>, by one thread, newest first, until <paramref name="look"/> has seen enough and says false.</summary>
    public static void While(DbConnection connection, PullSelection selection, Func<SegmentScan, PullSegment, bool> look)
    {
        if (selection.KeepsNothing)
            return;
        using var log = new SegmentedLog(connection, selection.VendorId, selection.Filter);
        using var lane = new Lane(selection.Filter);
        foreach (var part in log.Parts())
        {
            if (!lane.Look(part, look))
                return;
        }
    }

    private static IEnumerable<T> Rest<T>(IEnumerator<T> begun)
    {
        while (begun.MoveNext())
            yield return begun.Current;
    }

    private static void Share<TPart, TOwn>(IEnumerable<TPart> parts, Func<TOwn> begin, Action<TOwn, TPart, long, ParallelLoopState> look, Action<TOwn> end)
    {
        try
        {
            Parallel.ForEach(
                Partitioner.Create(parts, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = Threads },
                begin,
                (part, state, place, own) =>
                {
                    look(own, part, place, state);
                    return own;
                },
                end);
        }
        catch (AggregateException failed)
        {
            ExceptionDispatchInfo.Throw(failed.InnerExceptions[0]); // what one thread would have met
        }
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Lane(SegmentFilter filter) : IDisposable
    {
        private readonly SegmentScan scan = new(filter);
        private readonly SegmentBuffers buffers = new();

        public List<long> Page(SegmentedLog.Part part, int limit)
        {
            var ids = new List<long>();
            if (part(buffers) is { Rows: > 0 } segment)
                scan.Page(segment, ids, limit);
            return ids;
        }

        public void Look<T>(SegmentedLog.Part part, T answer, Action<T, SegmentScan, PullSegment> look)
        {
            if (part(buffers) is { Rows: > 0 } segment)
                look(answer, scan, segment);
        }

        public bool Look(SegmentedLog.Part part, Func<SegmentScan, PullSegment, bool> look) =>
            part(buffers) is not { Rows: > 0 } segment || look(scan, segment);

        public void Dispose()
        {
            scan.Dispose();
            buffers.Dispose();
        }
    }

    /// <summary>The ids of a page, as segments give them in whatever order they are looked at.</summary>
    private sealed class Page(int limit)
    {
        private readonly List<List<long>?> bySegment = [];
        private int complete;
        private int ids;

        /// <summary>Takes the ids of a segment; true where nothing older is needed any more.</summary>
        public bool Add(long place, List<long> found)
        {
            lock (bySegment)
            {
                while (bySegment.Count <= place)
                    bySegment.Add(null);
                bySegment[(int)place] = found;
                for (; complete < bySegment.Count && bySegment[complete] is { } next; complete++)
                    ids += next.Count;
                return ids >= limit;
            }
        }

        public List<long> Newest() => [.. bySegment.Take(complete).SelectMany(found => found!).Take(limit)];
    }
}
