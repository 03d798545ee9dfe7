using VendorPortal.Analytics;
using VendorPortal.Classification;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Analytics;

/// <summary>When reports are produced, kept, produced again, and when not.</summary>
public sealed class ReportFilesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly ReportKey Raw = ReportBench.Key(ReportView.Raw, "2026-05-04");
    private static readonly ReportKey Total = ReportBench.Key(ReportView.NamespaceSummary, "2026-05-04");

    private readonly TestStore store = new();
    private LogBuilder log = null!;
    private int vendor;

    public async Task InitializeAsync()
    {
        vendor = await store.AddVendorAsync();
        log = new LogBuilder(store);
    }

    public Task DisposeAsync()
    {
        store.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Report_LatePull_IsProducedAgainAndSaysSo()
    {
        log.Add([Pull("2026-05-05T10:00:00Z"), Pull("2026-05-12T10:00:00Z")]);
        using var bench = new ReportBench(store, Now);
        var first = await EnsureAsync(bench, Raw);
        var other = await EnsureAsync(bench, ReportBench.Key(ReportView.Raw, "2026-05-12"));
        Assert.Equal((ReportState.Complete, 1, 1L), (first.State, first.Revision, first.Rows));
        bench.Time.Advance(TimeSpan.FromHours(1));

        log.Add(Pull("2026-05-06T10:00:00Z", address: "203.0.113.8"));

        Assert.Equal(ReportState.Outdated, await StateAsync(bench, Raw));
        var kept = await EnsureAsync(bench, Raw); // more may come
        Assert.Equal((ReportState.Outdated, 1, 1L), (kept.State, kept.Revision, kept.Rows));
        Assert.Equal(2, CsvText.Parse(await bench.TextAsync(vendor, Raw)).Count);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await EnsureAsync(bench, Raw);
        Assert.Equal((ReportState.Reproduced, 2, 2L), (second.State, second.Revision, second.Rows));
        Assert.Equal(Now.UtcDateTime.AddMinutes(61), second.ProducedUtc);
        Assert.Equal(ReportState.Reproduced, await StateAsync(bench, Raw));
        Assert.Equal(other.ProducedUtc, (await EnsureAsync(bench, ReportBench.Key(ReportView.Raw, "2026-05-12"))).ProducedUtc);
    }

    [Fact]
    public async Task Report_LatePullBetweenTwoParts_BothAreOfOneRevision()
    {
        log.Add(Enumerable.Range(0, 60).Select(i => Pull("2026-05-05T10:00:00Z") with { At = new DateTime(2026, 5, 5, 10, 0, 0, DateTimeKind.Utc).AddMinutes(i), Version = $"1.0.{i}" }));
        using var bench = new ReportBench(store, Now, maxPartBytes: 4096);
        var first = await EnsureAsync(bench, Raw);
        Assert.Equal(2, first.Parts.Count);
        Assert.All(first.Parts, part => Assert.EndsWith($"/files/{part.Number}?revision=1", part.Path, StringComparison.Ordinal));
        var one = await bench.TextAsync(vendor, Raw, 1, revision: 1);

        log.Add(Pull("2026-05-05T09:00:00Z") with { Version = "late" });
        await bench.RestAsync(vendor, Raw);
        Assert.Equal(2, (await EnsureAsync(bench, Raw)).Revision);

        var two = await bench.TextAsync(vendor, Raw, 2, revision: 1);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"1.0.{i}"), CsvText.Parse(one).Skip(1).Concat(CsvText.Parse(two).Skip(1)).Select(row => row[3]));
        Assert.Contains("late", await bench.TextAsync(vendor, Raw), StringComparison.Ordinal);
        Assert.Null(await bench.Files.OpenAsync(vendor, Raw, 1, 3, CancellationToken.None));
        bench.Time.Advance(ReportPaths.LinkLifetime);
        await bench.Files.RemoveOldAsync(vendor, Failed, CancellationToken.None);
        Assert.Equal(4, Files(bench).Length);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.Files.RemoveOldAsync(vendor, Failed, CancellationToken.None);
        Assert.Equal(2, Files(bench).Length);
        Assert.Null(await bench.Files.OpenAsync(vendor, Raw, 1, 1, CancellationToken.None));
    }

    [Fact]
    public async Task Report_ErasedPull_IsProducedAgain()
    {
        var pulls = log.Add([Pull("2026-05-05T10:00:00Z"), Pull("2026-05-06T10:00:00Z", address: "203.0.113.8")]);
        using var bench = new ReportBench(store, Now);
        Assert.Equal("acme|2|2|0|0|Acme", await RowAsync(bench, Total));

        log.Remove(pulls[1]);
        await bench.RestAsync(vendor, Total);

        Assert.Equal("acme|1|1|0|0|Acme", await RowAsync(bench, Total));
        Assert.Equal(2, (await EnsureAsync(bench, Total)).Revision);
    }

    [Fact]
    public async Task Report_ChangesThatCancelOut_KeepsItsRevision()
    {
        log.Add(Pull("2026-05-05T10:00:00Z"));
        using var bench = new ReportBench(store, Now);
        var first = await EnsureAsync(bench, Raw);
        log.Remove(log.Add(Pull("2026-05-06T10:00:00Z")));
        await bench.RestAsync(vendor, Raw);

        var second = await EnsureAsync(bench, Raw);

        Assert.Equal((ReportState.Complete, 1, first.ProducedUtc, first.Parts[0].Sha256), (second.State, second.Revision, second.ProducedUtc, second.Parts[0].Sha256));
        Assert.Equal(ReportState.Complete, await StateAsync(bench, Raw));
    }

    [Fact]
    public async Task Report_FileIsLost_IsProducedAgainWithTheSameBytes()
    {
        log.Add(Pull("2026-05-05T10:00:00Z"));
        using var bench = new ReportBench(store, Now);
        var first = await EnsureAsync(bench, Raw);
        var text = await bench.TextAsync(vendor, Raw);
        Directory.Delete(bench.Folder, recursive: true);

        Assert.Equal(text, await bench.TextAsync(vendor, Raw));
        Assert.Equal(first.Parts, (await EnsureAsync(bench, Raw)).Parts);
    }

    [Fact]
    public async Task Report_LargerThanAPart_IsSplitIntoWholeFiles()
    {
        log.Add(Enumerable.Range(0, 200).Select(i => Pull("2026-05-05T10:00:00Z") with { At = new DateTime(2026, 5, 5, 10, 0, 0, DateTimeKind.Utc).AddMinutes(i), Version = $"1.0.{i}" }));
        using var bench = new ReportBench(store, Now, maxPartBytes: 4096);

        var report = await EnsureAsync(bench, Raw);

        Assert.True(report.Parts.Count > 3, $"{report.Parts.Count} parts");
        Assert.All(report.Parts, part => Assert.InRange(part.Bytes, 1, 4096));
        Assert.Equal(report.Parts.Count, report.Parts.Select(part => part.FileName).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"1.0.{i}"), (await bench.RowsAsync(vendor, Raw)).Skip(1).Select(row => row[3]));
    }

    [Fact]
    public async Task Report_OfThePeriodThatGoesOn_IsToldAsItIsAndNotInTheCatalogue()
    {
        log.Add(Pull("2026-05-18T00:00:00Z"));
        using var bench = new ReportBench(store, Now);
        var key = ReportBench.Key(ReportView.Raw, "2026-05-18");
        Assert.Null(await bench.Files.EnsureAsync(vendor, key, CancellationToken.None));
        Assert.Equal(ReportState.Incomplete, await StateAsync(bench, key));
        Assert.Equal(2, CsvText.Parse(await bench.TextAsync(vendor, key)).Count);

        log.Add(Pull("2026-05-20T11:00:00Z"));

        Assert.Equal(3, CsvText.Parse(await bench.TextAsync(vendor, key)).Count);
        Assert.Null(await bench.Files.OpenAsync(vendor, key, 2, null, CancellationToken.None));
        Assert.Null(await bench.Files.OpenAsync(vendor, key, 1, 1, CancellationToken.None));
        await using var context = store.Contexts.ForVendor(vendor);
        Assert.Empty(context.Reports);
    }

    [Fact]
    public async Task SoFar_ManyReaders_ShareAFileUntilPullsChange()
    {
        log.Add(Pull("2026-05-18T00:00:00Z"));
        var bench = new ReportBench(store, Now);
        var key = ReportBench.Key(ReportView.Raw, "2026-05-18");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bench.TextAsync(vendor, key)));

        var first = Assert.Single(Files(bench));
        await using (var reading = (await bench.Files.OpenAsync(vendor, key, 1, null, CancellationToken.None))!.Content)
        {
            log.Add(Pull("2026-05-20T11:00:00Z"));
            Assert.Equal(3, CsvText.Parse(await bench.TextAsync(vendor, key)).Count);
            Assert.NotEqual(first, Assert.Single(Files(bench)));
            using var text = new StreamReader(reading);
            Assert.Equal(2, CsvText.Parse(await text.ReadToEndAsync()).Count); // whoever is reading reads on
        }

        foreach (var view in ReportNames.Views)
            await bench.TextAsync(vendor, key with { View = view });
        Assert.Equal(4, Files(bench).Length);
        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.Files.RemoveOldAsync(vendor, Failed, CancellationToken.None);
        Assert.Empty(Files(bench));
        await bench.TextAsync(vendor, key);
        Assert.Single(Files(bench));
        bench.Dispose();
        Assert.Empty(Files(bench));
    }

    [Fact]
    public async Task Production_ReaderGoes_GoesOn()
    {
        log.Add(Pull("2026-05-05T10:00:00Z"));
        using var bench = new ReportBench(store, Now);
        await store.Database.WriteLock.WaitAsync(); // production has to wait for the catalogue
        using var reader = new CancellationTokenSource();
        var left = bench.Files.EnsureAsync(vendor, Raw, reader.Token);
        try
        {
            await Eventually.TrueAsync(() => Task.FromResult(Directory.Exists(bench.Folder) && Files(bench).Any(path => path.EndsWith(".csv", StringComparison.Ordinal))), "the file is there");
            await reader.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }
        finally
        {
            store.Database.WriteLock.Release();
        }

        await Eventually.TrueAsync(async () => await StateAsync(bench, Raw) == ReportState.Complete, "it is in the catalogue");
        Assert.Equal(Now.UtcDateTime, (await EnsureAsync(bench, Raw)).ProducedUtc);
        Assert.Single(Files(bench));
    }

    [Fact]
    public async Task LeftOvers_OlderThanADay_AreRemovedAndNothingElse()
    {
        log.Add(Pull("2026-05-05T10:00:00Z"));
        using var bench = new ReportBench(store, Now);
        await EnsureAsync(bench, Raw);
        var folder = Path.GetDirectoryName(Assert.Single(Files(bench)))!;
        string[] names = ["old.tmp", "new.tmp", "old.txt"];
        foreach (var name in names)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), "");
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), Now.UtcDateTime.AddDays(name[0] == 'o' ? -1 : 0).AddSeconds(-1));
        }

        bench.Time.Advance(TimeSpan.FromHours(2));
        await bench.Files.RemoveOldAsync(vendor, Failed, CancellationToken.None);

        Assert.Equal(["new.tmp", "old.txt"], Files(bench).Select(Path.GetFileName).Where(names.Contains).Order(StringComparer.Ordinal));
        Assert.Equal(1, (await EnsureAsync(bench, Raw)).Revision);
        Assert.Equal(3, Files(bench).Length);
    }

    [Fact]
    public async Task Period_IsCompleteOnceItIsOverForAMinute()
    {
        log.Add(Pull("2026-05-10T23:59:59.999Z"));
        using var bench = new ReportBench(store, new DateTimeOffset(2026, 5, 11, 0, 0, 59, TimeSpan.Zero));
        Assert.False(await bench.Calendar.FindAsync(vendor, "acme", Raw.Period, CancellationToken.None));

        bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await bench.Calendar.FindAsync(vendor, "acme", Raw.Period, CancellationToken.None));
        Assert.Null(await bench.Calendar.FindAsync(vendor, "acme", ReportPeriod.Of(ReportTimespan.Weeks, Raw.Period.LastDay.AddDays(1)), CancellationToken.None));
        Assert.Null(await bench.Calendar.FindAsync(vendor, "acm", Raw.Period, CancellationToken.None));
        Assert.Null(await bench.Calendar.FindAsync(vendor + 1, "acme", Raw.Period, CancellationToken.None));
    }

    [Fact]
    public async Task Period_WithRequestsThatWait_IsNotCompleteForTwoDays()
    {
        await using var pipeline = await Pipeline.StartAsync();
        var period = ReportPeriod.Of(ReportTimespan.Weeks, DateOnly.FromDateTime(Pipeline.Start));
        using var bench = new ReportBench(pipeline.Store, new DateTimeOffset(period.ToUtc.AddDays(2).AddTicks(-1)));
        using var later = new ReportBench(pipeline.Store, new DateTimeOffset(period.ToUtc.AddDays(2)));
        await pipeline.SendAsync(Pipeline.Get("1", 0, "1.0"));
        await pipeline.AdvanceAsync(60);
        await pipeline.SendAsync(Pipeline.Get("2", 60, "1.0"));
        Assert.False(await bench.Calendar.FindAsync(pipeline.VendorId, "acme", period, CancellationToken.None));
        Assert.True(await later.Calendar.FindAsync(pipeline.VendorId, "acme", period, CancellationToken.None)); // not for ever

        await pipeline.AdvanceAsync(60);

        Assert.True(await bench.Calendar.FindAsync(pipeline.VendorId, "acme", period, CancellationToken.None));
    }

    [Fact]
    public async Task Report_ClassifiedOnceMore_IsProducedAgain()
    {
        await using var pipeline = await Pipeline.StartAsync();
        using var bench = new ReportBench(pipeline.Store, Now);
        var key = Total with { Period = ReportPeriod.Of(ReportTimespan.Weeks, DateOnly.FromDateTime(Pipeline.Start)) };
        await pipeline.SendAsync(Pipeline.Head("1", 0, "1.0", digest: 1), Pipeline.Get("2", 1, null, digest: 2));
        await pipeline.AdvanceAsync(60);
        Assert.Equal("acme|1|0|1|1|Acme", await RowAsync(bench, key, pipeline.VendorId)); // nobody knows yet that the one is a part of the other

        await pipeline.TeachAsync();
        await pipeline.ReclassifyAsync();
        await bench.RestAsync(pipeline.VendorId, key);

        Assert.Equal("acme|1|1|0|0|Acme", await RowAsync(bench, key, pipeline.VendorId));
        Assert.Equal(ReportState.Reproduced, (await bench.Files.EnsureAsync(pipeline.VendorId, key, CancellationToken.None))!.State);
        await pipeline.ReclassifyAsync();
        await bench.RestAsync(pipeline.VendorId, key);
        Assert.Equal(2, (await bench.Files.EnsureAsync(pipeline.VendorId, key, CancellationToken.None))!.Revision);
    }

    [Fact]
    public async Task Keeper_ProducesTheNewestWeekAndMonthAndWhatIsOutdated()
    {
        log.Add([Pull("2026-03-05T10:00:00Z"), Pull("2026-04-05T10:00:00Z"), Pull("2026-05-12T10:00:00Z")]);
        using var bench = new ReportBench(store, Now);
        using var keeper = Keeper(bench);
        var old = ReportBench.Key(ReportView.RepoSummary, "2026-03-05");
        await EnsureAsync(bench, old);

        Assert.Equal(0, await keeper.KeepAsync(CancellationToken.None)); // what may still be changing is left alone for a while
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(12, await keeper.KeepAsync(CancellationToken.None));
        Assert.Equal(0, await keeper.KeepAsync(CancellationToken.None));
        Assert.Equal(ReportState.Complete, await StateAsync(bench, ReportBench.Key(ReportView.Raw, "2026-05-12")));
        Assert.Equal(ReportState.Complete, await StateAsync(bench, ReportBench.Key(ReportView.CoreTrends, "2026-04-05", ReportTimespan.Months)));
        Assert.Equal(ReportState.Waiting, await StateAsync(bench, ReportBench.Key(ReportView.Raw, "2026-03-05")));

        log.Add(Pull("2026-03-06T10:00:00Z"));
        Assert.Equal(ReportState.Outdated, await StateAsync(bench, old));
        Assert.Equal(0, await keeper.KeepAsync(CancellationToken.None));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await keeper.KeepAsync(CancellationToken.None));
        Assert.Equal(ReportState.Reproduced, await StateAsync(bench, old));
    }

    [Fact]
    public async Task Keeper_PeriodWithNothingLeft_RemovesItsRowsAndFiles()
    {
        var pulls = log.Add([Pull("2026-03-05T10:00:00Z"), Pull("2026-03-12T10:00:00Z")]);
        using var bench = new ReportBench(store, Now);
        using var keeper = Keeper(bench);
        await EnsureAsync(bench, ReportBench.Key(ReportView.Raw, "2026-03-05"));
        await EnsureAsync(bench, ReportBench.Key(ReportView.Raw, "2026-03-12"));

        log.Remove(pulls[0]);
        await keeper.KeepAsync(CancellationToken.None);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await keeper.KeepAsync(CancellationToken.None);

        Assert.StartsWith("2026-W11_raw_", Path.GetFileName(Assert.Single(Files(bench))), StringComparison.Ordinal);
        await using var context = store.Contexts.ForVendor(vendor);
        Assert.Equal(11, Assert.Single(context.Reports).Number);
        Assert.Null(await bench.Files.OpenAsync(vendor, ReportBench.Key(ReportView.Raw, "2026-03-05"), 1, 1, CancellationToken.None));
    }

    private static LoggedPull Pull(string at, string address = "203.0.113.7") =>
        new() { At = DateTime.Parse(at, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal), Address = address, Kind = PullKind.PullByTag };

    private async Task<ReportFile> EnsureAsync(ReportBench bench, ReportKey key)
    {
        var report = await bench.Files.EnsureAsync(vendor, key, CancellationToken.None);
        Assert.NotNull(report);
        return report;
    }

    private static void Failed(string path, Exception error) => Assert.Fail($"{path}: {error}");

    private ReportKeeper Keeper(ReportBench bench) =>
        new(bench.Files, bench.Calendar, store.Contexts, bench.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<ReportKeeper>.Instance);

    private static string[] Files(ReportBench bench) => Directory.GetFiles(bench.Folder, "*", SearchOption.AllDirectories);

    private async Task<ReportState> StateAsync(ReportBench bench, ReportKey key)
    {
        var listed = await bench.Files.ListAsync(vendor, key.Namespace, key.Period.Timespan, key.Period.Year, CancellationToken.None);
        return listed.Single(p => p.Period == key.Period).Files.Single(f => f.View == key.View).State;
    }

    private async Task<string> RowAsync(ReportBench bench, ReportKey key, int? of = null) => string.Join('|', (await bench.RowsAsync(of ?? vendor, key))[1]);
}
