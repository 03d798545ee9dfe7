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
             from requests in Gen.ListOf(from ticks in Gen.Choose(0, 30) from id in Gen.Choose(1, 4) select (ticks, id))
             select (capacity, requests)).ToArbitrary(),
            sample =>
            {
                using var runs = new HistoryRuns(folder, sample.capacity);
                foreach (var (ticks, id) in sample.requests)
                    runs.Add(Request(ticks, id));
                Assert.Equal(
                    sample.requests.Distinct().OrderBy(r => r.ticks).ThenBy(r => r.id).Select(r => ((long)r.ticks, (UInt128)r.id)),
                    runs.Merge().Select(r => (r.Ticks, r.EventId)));
                Assert.Equal(sample.requests.Count, runs.Count);
            }));

    [Fact]
    public void Dispose_AfterSpilling_LeavesNoFile()
    {
        using (var runs = new HistoryRuns(folder, 2))
        {
            for (var i = 0; i < 9; i++)
                runs.Add(Request(9 - i, i));
            Assert.Equal(4, Directory.GetFiles(folder).Length);
        }

        Assert.Empty(Directory.GetFiles(folder));
    }

    private static HistoryRequest Request(int ticks, int id) => new()
    {
        EventId = (UInt128)id,
        Ticks = ticks,
        ArtifactId = 1,
        VersionId = 1,
        Status = 200,
        Method = RequestMethod.Get,
    };
}
