using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Import;

/// <summary>
/// Puts requests in order of time whatever order the files have: sorted runs, spilled to a folder where they do not fit into memory,
/// merged when read. Repeats are given once. Memory is that of one run and of the requests of a second, however many there are.
/// </summary>
internal sealed class HistoryRuns(string folder, int capacity = HistoryRuns.DefaultCapacity) : IDisposable
{
    /// <summary>Requests of a run: 64 MB.</summary>
    public const int DefaultCapacity = 1 << 20;

    private const int ReadAhead = 2_048;

    // A second with more requests is no log of a registry; its repeats may be met again.
    private const int MaxSecond = 1 << 20;

    private readonly HistoryRequest[] buffer = new HistoryRequest[capacity];
    private readonly List<FileStream> runs = [];
    private UInt128 content;
    private int count;

    /// <summary>Requests added so far.</summary>
    public long Count { get; private set; }

    /// <summary>Tells the requests added so far from any others, whatever their order.</summary>
    public byte[] Content()
    {
        var bytes = new byte[ImportMark.ContentBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, content);
        return bytes;
    }

    public void Add(in HistoryRequest request)
    {
        if (count == buffer.Length)
            Spill();
        buffer[count++] = request;
        Count++;
        content += request.EventId * (((UInt128)request.Ticks << 1) | 1); // the event is a hash already; sums have no order
    }

    /// <summary>All requests, oldest first, each event once. Adding ends with it.</summary>
    public IEnumerable<HistoryRequest> Merge()
    {
        var second = new List<HistoryRequest>();
        var known = new HashSet<UInt128>();
        foreach (var request in MergeAll())
        {
            if (second.Count > 0 && (second.Count == MaxSecond || second[0].Ticks / TimeSpan.TicksPerSecond != request.Ticks / TimeSpan.TicksPerSecond))
            {
                foreach (var one in TakeSecond(second, known))
                    yield return one;
            }

            second.Add(request);
        }

        foreach (var one in TakeSecond(second, known))
            yield return one;
    }

    public void Dispose()
    {
        foreach (var run in runs)
            run.Dispose();
    }

    // Logs that tell only the second are dated by the place of a line within it. Where files overlap, the place is right in the one
    // that has more of the second before it, which is the later place.
    private static List<HistoryRequest> TakeSecond(List<HistoryRequest> second, HashSet<UInt128> known)
    {
        var taken = new List<HistoryRequest>(second.Count);
        for (var i = second.Count - 1; i >= 0; i--)
        {
            if (known.Add(second[i].EventId))
                taken.Add(second[i]);
        }

        taken.Reverse();
        second.Clear();
        known.Clear();
        return taken;
    }

    private IEnumerable<HistoryRequest> MergeAll()
    {
        Sort();
        var queue = new PriorityQueue<Run, HistoryRequest>(Comparer<HistoryRequest>.Create((a, b) => HistoryRequest.Compare(a, b)));
        List<Run> sources = [.. runs.Select(file => (Run)new SpilledRun(file)), new MemoryRun(buffer.AsMemory(0, count))];
        foreach (var run in sources.Where(run => run.Next()))
            queue.Enqueue(run, run.Current);
        while (queue.TryDequeue(out var run, out _))
        {
            // Files are mostly in order already: the same run goes on until another one has something older.
            do
            {
                yield return run.Current;
                if (!run.Next())
                {
                    run = null;
                    break;
                }
            }
            while (!queue.TryPeek(out _, out var other) || HistoryRequest.Compare(run.Current, other) <= 0);
            if (run is not null)
                queue.Enqueue(run, run.Current);
        }
    }

    private void Spill()
    {
        Sort();
        Directory.CreateDirectory(folder);
        // Gone with the process, however it ends.
        var file = new FileStream(
            Path.Combine(folder, $"{Guid.NewGuid():n}.run"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose | FileOptions.SequentialScan);
        runs.Add(file);
        if (!OperatingSystem.IsWindows())
            File.Delete(file.Name); // elsewhere only an orderly end would delete it
        file.Write(MemoryMarshal.AsBytes(buffer.AsSpan(0, count)));
        count = 0;
    }

    private void Sort()
    {
        var filled = buffer.AsSpan(0, count);
        for (var i = 1; i < filled.Length; i++)
        {
            if (HistoryRequest.Compare(filled[i - 1], filled[i]) <= 0)
                continue;
            filled.Sort(static (a, b) => HistoryRequest.Compare(a, b));
            return;
        }
    }

    /// <summary>A sorted run that is read from its beginning.</summary>
    private abstract class Run
    {
        private Memory<HistoryRequest> read;
        private int at = -1;

        public HistoryRequest Current { get; private set; }

        public bool Next()
        {
            if (++at >= read.Length)
            {
                read = More();
                at = 0;
                if (read.IsEmpty)
                    return false;
            }

            Current = read.Span[at];
            return true;
        }

        protected abstract Memory<HistoryRequest> More();
    }

    private sealed class MemoryRun(Memory<HistoryRequest> all) : Run
    {
        private Memory<HistoryRequest> rest = all;

        protected override Memory<HistoryRequest> More()
        {
            var more = rest;
            rest = default;
            return more;
        }
    }

    private sealed class SpilledRun : Run
    {
        private readonly FileStream file;
        private readonly HistoryRequest[] page = new HistoryRequest[ReadAhead];

        public SpilledRun(FileStream file)
        {
            this.file = file;
            file.Position = 0;
        }

        protected override Memory<HistoryRequest> More()
        {
            var bytes = file.ReadAtLeast(MemoryMarshal.AsBytes(page.AsSpan()), page.Length * Unsafe.SizeOf<HistoryRequest>(), throwOnEndOfStream: false);
            return page.AsMemory(0, bytes / Unsafe.SizeOf<HistoryRequest>());
        }
    }
}
