using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Import;

namespace VendorPortal.Tests.Import;

public sealed class HistoryRunsTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"vendor-portal-test-{Guid.NewGuid():n}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Merge_AnyOrderAndSizeOfRuns_GivesEachEventOnceInOrderOfTime() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(
            (from capacity in Gen.Choose(1, 40)
             from requests in Gen.ListOf(from second in Gen.Choose(0, 3) from tick in Gen.Choose(0, 9) from id in Gen.Choose(1, 4) select (ticks: (second * TimeSpan.TicksPerSecond) + tick, id))
             select (capacity, requests)).ToArbitrary(),
            sample =>
            {
                using var runs = new HistoryRuns(folder, sample.capacity);
                foreach (var (ticks, id) in sample.requests)
                    runs.Add(Request(ticks, id));
                Assert.Equal(
                    sample.requests.GroupBy(r => (r.ticks / TimeSpan.TicksPerSecond, r.id)).Select(same => (same.Max(r => r.ticks), (UInt128)same.Key.id)).Order(),
                    runs.Merge().Select(r => (r.Ticks, r.EventId)));
                Assert.Equal(sample.requests.Count, runs.Count);
            }));

    [Fact]
    public void Spill_EndedInAnyWay_LeavesNoFile()
    {
        using (var runs = new HistoryRuns(folder, 2))
        {
            for (var i = 0; i < 9; i++)
                runs.Add(Request(9 - i, i));
            // A process that is killed disposes of nothing. (Windows deletes what nobody holds open.)
            Assert.Equal(OperatingSystem.IsWindows() ? 4 : 0, Directory.GetFiles(folder).Length);
            Assert.Equal(9, runs.Merge().Count());
        }

        Assert.Empty(Directory.GetFiles(folder));
    }

    private static HistoryRequest Request(long ticks, int id) => new()
    {
        EventId = (UInt128)id,
        Ticks = ticks,
        ArtifactId = 1,
        VersionId = 1,
        Status = 200,
        Method = RequestMethod.Get,
    };
}
