using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Feeds.Following;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds.Following;

/// <summary>A file under everything that happens to logs: growth, rotation, truncation, restarts.</summary>
public sealed class FileReadingTests(FollowedPortal fixture) : IClassFixture<FollowedPortal>
{
    private static readonly string[] Twice = ["1.0", "1.0"];

    private Task<FollowedLog> CreateAsync() => FollowedLog.CreateAsync(fixture.Portal);

    [Fact]
    public async Task Restart_InTheMiddleOfASecondOfIdenticalLines_ReadsEachOnceAndKeepsTheirOrder()
    {
        using var log = await CreateAsync();
        log.Write(1, "1.0", "1.0", "2.0");
        await log.ReadAsync();
        log.Restart();
        log.Write(1, "1.0", "2.0", "1.0");
        await log.ReadAsync();

        await log.IsReadOnceAsync();
        Assert.Equal(0, (await log.StatusAsync()).Duplicates);
    }

    [Fact]
    public async Task Crash_AfterTheCommitBeforeThePlace_KnowsTheLinesAgainAndNumbersTheNextOnesOn()
    {
        using var log = await CreateAsync();
        log.Write(1, "1.0", "1.0");
        await log.ReadAsync();
        var before = await log.StoredAsync();
        log.Write(1, "1.0", "2.0", "1.0");
        await log.ReadAsync();
        await log.ForgetPlaceAsync(before);
        log.Write(1, "1.0");
        await log.ReadAsync();

        await log.IsReadOnceAsync();
        Assert.Equal(3, (await log.StatusAsync()).Duplicates);
    }

    [Fact]
    public async Task Rotation_WhileItsWriterGoesOn_ReadsTheOldFileToItsEndFirst()
    {
        using var log = await CreateAsync();
        log.Write(1, Twice);
        await log.ReadAsync();
        log.Rotate();
        await File.AppendAllTextAsync(log.Path + ".1", log.Expect(1, "2.0"));
        await log.ReadAsync();
        Assert.Contains("moved away", (await log.StatusAsync()).File!.Problem, StringComparison.Ordinal);

        await File.WriteAllTextAsync(log.Path, "");
        await log.ReadAsync();
        log.Time.Advance(FileReading.RotatedRest / 2);
        await File.AppendAllTextAsync(log.Path + ".1", log.Expect(1, "1.0"));
        log.Write(1, "1.0");
        await log.ReadAsync();
        Assert.Equal(4, (await log.RequestsAsync()).Count);

        await log.ReadToTheEndAsync();
        await log.IsReadOnceAsync();
        Assert.Null((await log.StatusAsync()).File!.Problem);
        Assert.Equal(new FileInfo(log.Path).Length, (await log.StatusAsync()).File!.Position);
    }

    [Fact]
    public async Task Rotation_WithALastLineWithoutItsEnd_TakesItAsALine()
    {
        using var log = await CreateAsync();
        await File.WriteAllTextAsync(log.Path, log.Expect(1, "1.0") + log.Expect(1, "2.0").TrimEnd('\n'));
        await log.ReadAsync();
        Assert.Single(await log.RequestsAsync());
        log.Rotate();
        log.Write(2, "1.0");
        await log.ReadToTheEndAsync();

        await log.IsReadOnceAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Restart_AfterRotationsWhileDown_ReadsWhatWasLeftFirst(int rotations)
    {
        using var log = await CreateAsync();
        log.Write(1, Twice);
        await log.ReadAsync();
        log.Write(1, "1.0");
        for (var i = 0; i < rotations; i++)
        {
            log.Rotate();
            log.Write(1 + i, "1.0", "2.0");
        }

        log.Restart();
        await log.ReadToTheEndAsync();

        await log.IsReadOnceAsync();
        Assert.Equal(0, (await log.StatusAsync()).Duplicates);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CopyTruncate_WithLinesThatWereNotRead_ReadsThemFromTheCopy(bool restarts)
    {
        using var log = await CreateAsync();
        log.Write(1, Twice);
        await log.ReadAsync();
        log.Write(2, "1.0");
        File.Copy(log.Path, log.Path + ".1");
        await File.WriteAllTextAsync(log.Path, "");
        log.Write(2, "1.0");
        if (restarts)
            log.Restart();
        await log.ReadToTheEndAsync();

        await log.IsReadOnceAsync();
        Assert.Equal(0, (await log.StatusAsync()).Duplicates);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Truncation_GrownBeyondThePlaceMeanwhile_StartsOver(bool restarts)
    {
        using var log = await CreateAsync();
        log.Write(1, Twice);
        await log.ReadAsync();
        await File.WriteAllTextAsync(log.Path, "");
        log.Write(2, Enumerable.Repeat("1.0", 20));
        if (restarts)
            log.Restart();
        await log.ReadToTheEndAsync();

        await log.IsReadOnceAsync();
    }

    [Fact]
    public async Task Truncation_ToNothing_StartsOver()
    {
        using var log = await CreateAsync();
        log.Write(1, Twice);
        await log.ReadAsync();
        await File.WriteAllTextAsync(log.Path, "");
        await log.ReadAsync();
        log.Write(2, "1.0");
        await log.ReadAsync();

        await log.IsReadOnceAsync();
    }

    [Fact]
    public async Task File_DeletedAndMadeAnew_IsReadFromItsStart()
    {
        using var log = await CreateAsync();
        log.Write(1, Twice);
        await log.ReadAsync();
        File.Delete(log.Path);
        log.Write(2, Twice);
        await log.ReadToTheEndAsync();
        log.Restart();
        File.Delete(log.Path);
        log.Write(3, "1.0", "2.0", "1.0");
        await log.ReadToTheEndAsync();

        await log.IsReadOnceAsync();
    }

    [Fact]
    public async Task File_EditedInPlace_CountsNothingTwice()
    {
        using var log = await CreateAsync();
        log.Write(1, Twice);
        log.Write(2, Twice);
        await log.ReadAsync();
        var text = await File.ReadAllTextAsync(log.Path);
        File.Delete(log.Path);
        await File.WriteAllTextAsync(log.Path, "# a note of the operator\n" + text);
        await log.ReadToTheEndAsync();

        await log.IsReadOnceAsync();
        Assert.Equal((4, 1), ((await log.StatusAsync()).Duplicates, (await log.StatusAsync()).Rejected));
    }

    [Fact]
    public async Task File_MissingThenAFolderThenThere_SaysSoAndIsRead()
    {
        using var log = await CreateAsync();
        await log.ReadAsync();
        Assert.Equal("The file does not exist; it is waited for.", (await log.StatusAsync()).File!.Problem);
        Directory.CreateDirectory(log.Path);
        await log.ReadAsync();
        Assert.Equal("The file cannot be read: it is no regular file", (await log.StatusAsync()).File!.Problem);
        Directory.Delete(log.Path);
        log.Write(1, Twice);
        await log.ReadAsync();

        Assert.Null((await log.StatusAsync()).File!.Problem);
        await log.IsReadOnceAsync();
    }

    [Fact]
    public async Task Line_WithoutItsEnd_WaitsForTheRestAlsoOverARestart()
    {
        using var log = await CreateAsync();
        var line = log.Expect(1, "1.0") + log.Expect(1, "2.0");
        foreach (var part in new[] { line[..10], line[10..^20], line[^20..^1], line[^1..] })
        {
            await File.AppendAllTextAsync(log.Path, part);
            await log.ReadAsync();
            if (part.Length == 10)
                log.Restart();
        }

        await log.IsReadOnceAsync();
        Assert.Equal(0, (await log.StatusAsync()).Rejected);
    }

    [Fact]
    public async Task Lines_OfAnotherFormat_AreToldOfAndStopNothing()
    {
        using var log = await CreateAsync();
        await File.WriteAllTextAsync(log.Path, "{\"ts\":1}\n{\"ts\":2}\n");
        await log.ReadAsync();
        var wrong = await log.StatusAsync();
        Assert.Equal(2, wrong.Rejected);
        Assert.StartsWith("None of the newest lines (2) is of the feed's format: ", wrong.File!.Problem, StringComparison.Ordinal);

        log.Write(1, Twice);
        await log.ReadAsync();
        await File.AppendAllTextAsync(log.Path, "one bad line\n");
        await log.ReadAsync();
        log.Write(2, Twice);
        await log.ReadAsync();

        Assert.Null((await log.StatusAsync()).File!.Problem);
        await log.IsReadOnceAsync();
    }

    [Fact]
    public async Task Journal_Full_TheFileWaitsAndNothingIsLost()
    {
        await using var portal = await FollowedLog.StartPortalAsync("--Portal:Ingest:QueueRequests=1");
        using var log = await FollowedLog.CreateAsync(portal);
        var journal = portal.Services.GetRequiredService<RequestJournal>();
        var gate = portal.Services.GetRequiredService<PortalDatabase>().WriteLock;
        log.Write(1, Twice);

        await gate.WaitAsync();
        var taken = journal.AppendAsync(portal.VendorId, 1, new FeedBatch(), CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(journal.QueueDepth == 0), "the first post is being written");
        var queued = journal.AppendAsync(portal.VendorId, 1, new FeedBatch(), CancellationToken.None);
        var reading = log.ReadAsync();
        await Assert.ThrowsAsync<JournalFullException>(() => journal.AppendAsync(portal.VendorId, 1, new FeedBatch(), CancellationToken.None));
        Assert.False(reading.IsCompleted);
        gate.Release();
        await Task.WhenAll(taken, queued);
        await Eventually.TrueAsync(
            () =>
            {
                log.Time.Advance(FileReading.PollEvery);
                return Task.FromResult(reading.IsCompleted);
            },
            "the file is read on");
        await reading;

        await log.IsReadOnceAsync();
    }

    [Fact]
    public async Task Feed_AddedWhileThePortalRuns_IsFollowedUntilItIsRemoved()
    {
        var folder = Directory.CreateTempSubdirectory("portal-follow-");
        try
        {
            await using var portal = await PortalHost.StartAsync();
            var path = Path.Combine(folder.FullName, "requests.ndjson");
            var directory = portal.Services.GetRequiredService<VendorPortal.Feeds.FeedDirectory>();
            var feed = await directory.FollowAsync(portal.VendorId, "script", VendorPortal.Storage.Entities.FeedKind.Ndjson, null, path, CancellationToken.None);
            async Task<long> AcceptedAsync() => (await directory.ListAsync(portal.VendorId, CancellationToken.None)).Single(f => f.Id == feed.Id).Accepted;

            await File.WriteAllTextAsync(path, """{"at":"2026-05-01T10:00:00Z","method":"GET","repository":"acme/app","tag":"1.0"}""" + "\n");
            await Eventually.TrueAsync(async () => await AcceptedAsync() == 1, "the first line is stored");
            await File.AppendAllTextAsync(path, """{"at":"2026-05-01T10:00:01Z","method":"GET","repository":"acme/app","tag":"1.0"}""" + "\n");
            await Eventually.TrueAsync(async () => await AcceptedAsync() == 2, "the second line is stored");
            Assert.True(await directory.RemoveAsync(portal.VendorId, feed.Id, CancellationToken.None));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
