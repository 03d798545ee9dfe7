using System.Text;
using VendorPortal.Classification;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Exports;

public sealed class PullExportTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly LogBuilder log;
    private readonly PullExport export;

    public PullExportTests()
    {
        log = new LogBuilder(store);
        export = new PullExport(store.Database, new ManualTimeProvider(ApiHost.Now));
    }

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task Csv_OfARow_IsExactlyTheSevenColumns()
    {
        log.Add(new LoggedPull
        {
            At = new DateTime(2026, 5, 1, 10, 0, 0, 123, DateTimeKind.Utc), Customer = "Initech, \"the\" firm", User = "alice", Address = "203.0.113.7", Version = "1.0",
        });
        log.Describe(1, "alice", "Alice Doe", "alice@example.com");
        Assert.Equal(
            "Date,Customer,User,Email,Address,Artifact,Version\r\n" +
            "2026-05-01T10:00:00.123Z,\"Initech, \"\"the\"\" firm\",alice,alice@example.com,203.0.113.7,acme/app,1.0\r\n",
            await Write(new ExportOptions()));
    }

    [Fact]
    public async Task Csv_Unknown_IsAnEmptyCell()
    {
        log.Add(new LoggedPull());
        Assert.EndsWith("Z,,,,,acme/app,1.0\r\n", await Write(new ExportOptions()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_NoRows_IsTheHeader() =>
        Assert.Equal("Date,Customer,User,Email,Address,Artifact,Version\r\n", await Write(new ExportOptions()));

    [Fact]
    public async Task Csv_AllColumns_AddsTheRestByTheNamesOfTheApi()
    {
        var digest = $"sha256:{new string('a', 64)}";
        var pull = log.Add(new LoggedPull { Digest = digest, Client = ("docker/27", "docker", "27"), Requests = 3 });
        var rows = CsvText.Parse(await Write(new ExportOptions { AllColumns = true }));
        Assert.Equal("Date,Customer,User,Email,Address,Artifact,Version,id,kind,tag,digest,client,clientVersion,country,host,networkType,requests", string.Join(',', rows[0]));
        Assert.Equal([$"{pull.Id}", "pull_by_tag", "1.0", digest, "docker", "27", "", "", "", "3"], rows[1].Skip(7));
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    public async Task Csv_CellASpreadsheetWouldRun_GetsAnApostropheUnlessRaw(string text)
    {
        log.Add(new LoggedPull { Customer = text, User = text });
        log.Describe(1, text, null, text);
        var safe = CsvText.Parse(await Write(new ExportOptions()))[1];
        Assert.Equal([$"'{text}", $"'{text}", $"'{text}"], safe.Skip(1).Take(3));
        var raw = CsvText.Parse(await Write(new ExportOptions { Raw = true }))[1];
        Assert.Equal([text, text, text], raw.Skip(1).Take(3));
    }

    [Theory]
    [InlineData("a=1")]
    [InlineData("ümläut 🚀")]
    [InlineData("two\nlines")]
    [InlineData("\"quoted\"")]
    [InlineData(" space")]
    public async Task Csv_OtherText_IsUnchanged(string text)
    {
        log.Add(new LoggedPull { Customer = text });
        Assert.Equal(text, CsvText.Parse(await Write(new ExportOptions()))[1][1]);
    }

    [Fact]
    public async Task Csv_Bytes_AreUtf8WithoutMark()
    {
        log.Add(new LoggedPull { Customer = "é" });
        using var output = new MemoryStream();
        await export.WriteAsync(1, PullFilter.Everything, new ExportOptions(), output, CancellationToken.None);
        Assert.Equal((byte)'D', output.ToArray()[0]);
        Assert.Contains("é", new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Ndjson)]
    public async Task Write_ToASlowReader_DoesNotReadAhead(ExportFormat format)
    {
        log.Add(Enumerable.Range(0, 30_000).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i), Customer = "a customer with quite a long name" }));
        using var cancel = new CancellationTokenSource();
        await using var output = new StuckStream(takes: 200_000);
        var writing = export.WriteAsync(1, PullFilter.Everything, new ExportOptions { Format = format }, output, cancel.Token);
        await output.Stuck; // the reader takes no more
        Assert.False(writing.IsCompleted);
        Assert.True(output.Taken < 400_000, $"{output.Taken} bytes were written to a reader that had stopped");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public async Task Write_ManyRows_TellsTheirNumber()
    {
        log.Add(Enumerable.Range(0, 5001).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i) }));
        Assert.Equal(5001, await export.WriteAsync(1, PullFilter.Everything, new ExportOptions(), Stream.Null, CancellationToken.None));
        Assert.Equal(5001, await export.WriteAsync(1, PullFilter.Everything, new ExportOptions { Format = ExportFormat.Ndjson }, Stream.Null, CancellationToken.None));
    }

    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Ndjson)]
    public async Task Write_WithPullsWrittenMeanwhile_HasEachOldPullOnceAndNothingNewer(ExportFormat format)
    {
        var old = log.Add(Enumerable.Range(0, 40_000).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i / 3) }));
        var writes = 0;
        using var output = new WatchedStream(() =>
        {
            if (++writes % 7 == 0)
                log.Add([new LoggedPull { At = RandomLogs.Start.AddSeconds(writes) }, new LoggedPull { At = RandomLogs.Start.AddDays(1) }]);
        });
        await export.WriteAsync(1, PullFilter.Everything, new ExportOptions { Format = format, AllColumns = true }, output, CancellationToken.None);
        var seen = (format == ExportFormat.Csv ? ExportedPull.ReadCsv(output) : ExportedPull.ReadNdjson(output)).Select(pull => pull.Id).ToList();
        Assert.True(writes > 14, "nothing was written meanwhile");
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(old.Select(pull => pull.Id).Except(seen));
        Assert.Equal(old[^1].Id, seen[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_MoreNamesThanAreRemembered_HasThemAll(bool isSealed)
    {
        // Long names, new ones all the time, and names of long ago again.
        string Name(string what, int i) => $"{what}-{i}-{new string('x', 180)}";
        log.Add(Enumerable.Range(0, 60_000).Select(i => new LoggedPull
        {
            At = RandomLogs.Start.AddSeconds(i), Customer = Name("customer", i % 30_000), User = Name("user", i), Version = Name("tag", i * 7 % 30_000),
            Address = $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", Digest = i % 3 == 0 ? $"sha256:{i:x64}" : null,
        }));
        if (isSealed)
            await store.SealAsync(1, 5_000, 10_000);
        foreach (var filter in (PullFilter[])[PullFilter.Everything, new PullFilter { Customers = [Name("customer", 17), Name("customer", 29_000)] }])
        {
            var expected = RandomLogs.Scan(log.Pulls, 1, filter).Select(ExportedPull.Of);
            using var output = new MemoryStream();
            await export.WriteAsync(1, filter, new ExportOptions { AllColumns = true, Raw = true }, output, CancellationToken.None);
            Assert.Equal(expected, ExportedPull.ReadCsv(output));
        }
    }

    [Fact]
    public async Task Csv_OfAPullAskedForByDigest_HasNoTag()
    {
        var digest = $"sha256:{new string('b', 64)}";
        log.Add(new LoggedPull { Version = digest, Kind = PullKind.PullByDigest });
        var row = CsvText.Parse(await Write(new ExportOptions { AllColumns = true }))[1];
        Assert.Equal(["pull_by_digest", "", digest], row.Skip(8).Take(3));
    }

    [Fact]
    public async Task Write_SegmentThatTellsOfAPullThatIsNotThere_IsReadFromTheLog()
    {
        var pulls = log.Add(Enumerable.Range(0, 30).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i) }));
        await store.SealAsync(1, 10, 20);
        await using (var connection = store.Database.OpenWriter())
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"DELETE FROM Pulls WHERE Id = {pulls[4].Id}"; // past all that drops segments
            command.ExecuteNonQuery();
        }

        using var output = new MemoryStream();
        Assert.Equal(29, await export.WriteAsync(1, PullFilter.Everything, new ExportOptions { AllColumns = true }, output, CancellationToken.None));
        Assert.Equal(pulls.Where(pull => pull != pulls[4]).Reverse().Select(ExportedPull.Of), ExportedPull.ReadCsv(output));
    }

    [Fact]
    public void FileName_IsTheUtcDate() => Assert.Equal("2026-05-17_artifact_pulls.csv", export.FileName(new ExportOptions()));

    private async Task<string> Write(ExportOptions options)
    {
        using var output = new MemoryStream();
        await export.WriteAsync(1, PullFilter.Everything, options, output, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Tells of each write.</summary>
    private sealed class WatchedStream(Action onWrite) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            onWrite();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Takes so many bytes, then no more until it is cancelled.</summary>
    private sealed class StuckStream(int takes) : MemoryStream
    {
        private readonly TaskCompletionSource stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Taken { get; private set; }

        public Task Stuck => stuck.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Taken += buffer.Length;
            if (Taken < takes)
                return;
            stuck.TrySetResult();
            if (!cancellationToken.CanBeCanceled)
                return; // what a writer still holds when it is disposed
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
