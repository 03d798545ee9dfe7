using System.Data.Common;
using VendorPortal.Reports.Insights;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports.Overview;

/// <summary>
/// Downloads of a range broken down by artifact, customer, version, user or address, a page at a time: one pass over the log, one statement for names, whatever the
/// number of lines. A line's number is that of the page Downloads under its filter.
/// </summary>
public sealed class ActivityReader(PortalDatabase database, TimeProvider time)
{
    /// <summary>The lines of <paramref name="query"/> under a filter, whose own range and kinds do not matter; the last page for one beyond the end. Lines equal in the order come by name.</summary>
    public Task<ActivityPage> ReadAsync(int vendorId, PullFilter filter, OverviewRange range, ActivityQuery query, CancellationToken ct)
    {
        filter = filter with { Kinds = [KindNames.PullByTag, KindNames.PullByDigest] };
        return database.ReadLogAsync(vendorId, connection => new Reading(connection, vendorId, filter, range, query).Read(range.ApplyBefore(filter, time.GetUtcNow().UtcDateTime)), ct);
    }

    private sealed class Reading(DbConnection connection, int vendorId, PullFilter filter, OverviewRange range, ActivityQuery query)
    {
        private readonly SegmentColumn column = ActivityNames.ColumnOf(query.Group);
        private readonly long[] starts = OverviewSums.Grains(range.Cut().Buckets().Select(bucket => bucket.First));

        public ActivityPage Read(PullFilter? before)
        {
            var names = ActivityNames.Narrows(query) || query.WithIdle ? ActivityNames.Read(connection, vendorId, query, filter, ids: null) : null;
            var narrowed = ActivityNames.Narrows(query) ? IdBits.Of([.. names!.Keys]) : null;
            var sums = Sums(Select(range.ApplyTo(filter), narrowed));
            names ??= ActivityNames.Read(connection, vendorId, query, filter, [.. sums.Lines.Select(line => line.Value)]);
            if (narrowed is null && sums.Find(SegmentLimits.Unknown) is not null)
                names[SegmentLimits.Unknown] = new ActivityName(PullFilter.None);
            var counts = before is not null && OverviewReader.Began(connection, vendorId, before) ? Counts(Select(before, narrowed)) : null;

            var lines = names.Where(name => sums.Find(name.Key) is not null || (query.WithIdle && name.Value.IsIdle)).Select(name => Line(name.Key, name.Value, sums.Find(name.Key), counts)).ToList();
            if (query.Sort == ActivitySort.Last)
                lines = WithLast(lines);
            var first = PageStart.Of(query.Skip, query.Take, lines.Count);
            var page = WithLast([.. Ordered(lines).Skip(first).Take(query.Take)]);
            return new ActivityPage(query.Group == ActivityGroup.Tag ? WithDigests(page, sums) : page, first, lines.Count, lines.Sum(line => line.Downloads));
        }

        private PullSelection Select(PullFilter kept, IdBits? narrowed)
        {
            var selection = PullSelector.Select(connection, vendorId, kept);
            return narrowed is null ? selection : selection with { Filter = selection.Filter with { Columns = [new ColumnFilter(column, narrowed), .. selection.Filter.Columns] } };
        }

        private ActivitySums Sums(PullSelection selection)
        {
            var sums = Empty();
            if (!selection.KeepsNothing)
                LogScan.Each(connection, selection, Empty, (part, scan, segment) => part.Add(scan, segment), sums.Add);
            return sums;

            ActivitySums Empty() => new(column, ActivityNames.ColumnOf(query.Counted), starts);
        }

        private long[] Counts(PullSelection selection) => selection.KeepsNothing ? [] : ColumnCounts.Read(connection, selection, [new OptionColumn(column, null)])[0];

        private ActivityLine Line(int id, ActivityName name, ActivitySums.Line? sums, long[]? before)
        {
            var byBucket = sums is null ? new long[starts.Length] : Array.ConvertAll(sums.ByBucket, count => (long)count);
            return new ActivityLine(
                id, name.Name, name.Artifact, byBucket.Sum(), before is null ? null : id + 1 < before.Length ? before[id + 1] : 0, sums?.Counted.CountKnown() ?? 0,
                sums is null ? null : PullIds.TimeOf(sums.LastId), byBucket) { Kind = name.Kind, Person = name.Person };
        }

        // Where the range has no download, the last one was before it.
        private List<ActivityLine> WithLast(List<ActivityLine> lines)
        {
            var missing = IdBits.Of([.. lines.Where(line => line.LastUtc is null).Select(line => line.Id)]);
            if (range.IsAllTime || missing.IsEmpty)
                return lines;
            var (last, left) = (new Dictionary<int, long>(), lines.Count(line => line.LastUtc is null));
            var (values, ids) = (new int[SegmentLimits.MaxRows], new long[SegmentLimits.MaxRows]);
            LogScan.While(connection, Select(filter with { FromUtc = null, ToUtc = range.ApplyTo(filter).FromUtc }, missing), (scan, segment) =>
            {
                var rows = scan.Rows(segment);
                if (rows.IsEmpty)
                    return true;
                segment.Codes(column).Values(segment.Dictionary(column).Values, rows, values);
                segment.Ids(ids.AsSpan(0, rows[^1] + 1));
                for (var i = rows.Length - 1; i >= 0; i--)
                    last.TryAdd(values[i], ids[rows[i]]);
                return last.Count < left;
            });
            return lines.ConvertAll(line => last.TryGetValue(line.Id, out var id) ? line with { LastUtc = PullIds.TimeOf(id) } : line);
        }

        private IEnumerable<ActivityLine> Ordered(List<ActivityLine> lines)
        {
            var byName = ByName(lines);
            return query.Sort switch
            {
                ActivitySort.Name => query.Ascending ? byName : byName.Reverse(),
                ActivitySort.Downloads => Directed(line => line.Downloads),
                ActivitySort.Counted => Directed(line => line.Counted),
                // What cannot be compared, or never was, stands at the end either way.
                ActivitySort.Change => Directed(line => line.Change ?? (query.Ascending ? double.MaxValue : double.MinValue)),
                _ => Directed(line => line.LastUtc ?? (query.Ascending ? DateTime.MaxValue : DateTime.MinValue)),
            };

            IEnumerable<ActivityLine> Directed<TKey>(Func<ActivityLine, TKey> key) => query.Ascending ? byName.OrderBy(key) : byName.OrderByDescending(key);
        }

        private IEnumerable<ActivityLine> ByName(List<ActivityLine> lines) => query.Group switch
        {
            ActivityGroup.Version or ActivityGroup.Tag or ActivityGroup.Digest => lines.OrderBy(line => line.Artifact, StringComparer.Ordinal).ThenBy(line => line.Name, VersionOrder.NewestFirst),
            _ => lines.OrderBy(line => line.Name, StringComparer.OrdinalIgnoreCase).ThenBy(line => line.Name, StringComparer.Ordinal),
        };

        private List<ActivityLine> WithDigests(List<ActivityLine> lines, ActivitySums sums)
        {
            var digests = TagDigestReader.DigestsOf(connection, vendorId, [.. lines.Select(line => sums.Find(line.Id)!.LastId)]);
            return lines.ConvertAll(line => line with { Digest = digests.GetValueOrDefault(sums.Find(line.Id)!.LastId) });
        }
    }
}
