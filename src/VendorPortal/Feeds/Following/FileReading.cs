using System.Globalization;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds.Following;

/// <summary>
/// Reads the file of one feed as it grows. Each batch is committed, then the place behind it is stored: ended between the two, the batch is
/// read once more and known. What is read goes on with the next file where the log is rotated, and anew where it is truncated.
/// </summary>
internal sealed class FileReading(FollowedFeed followed, FollowedFeeds store, FeedFormats formats, RequestJournal journal, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How often a file is looked at that had nothing new.</summary>
    public static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a file that was rotated away has to be quiet before the next one is begun: its writer may not have noticed yet.</summary>
    public static readonly TimeSpan RotatedRest = TimeSpan.FromSeconds(5);

    // So many lines in a row of another format are no accident.
    private const int ManyMalformed = 10;

    private FilePlace? place;
    private LineMemory memory = FeedFormats.Remember(followed.Feed, null);
    private LogFile? file;
    private FeedReader? reader;
    private long begin;
    private bool isCopy;
    private long? rotatedAt;
    private bool hasReadable;
    private int malformed;
    private string? problem;
    private bool hasSaidProblem;

    /// <summary>Follows the file until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            var isMore = false;
            try
            {
                isMore = await StepAsync(ct);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logger.LogError(error, "Feed {Feed}: {Path} could not be read on; it is tried again from the place that is stored", followed.Feed.PublicId, followed.Path);
                Forget();
            }

            if (!isMore)
                await Task.Delay(PollEvery, time, ct);
        }
    }

    /// <summary>Reads a batch, or sees what has become of the file. True where there may be more to do at once.</summary>
    public async Task<bool> StepAsync(CancellationToken ct)
    {
        try
        {
            if (place is null)
            {
                place = await store.PlaceAsync(followed.Feed, ct);
                memory = FeedFormats.Remember(followed.Feed, place.Memory);
            }

            if (file is null && !Find())
            {
                await SayAsync("The file does not exist; it is waited for.", ct);
                return false;
            }

            return await ReadAsync(ct);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Close();
            await SayAsync(error is UnauthorizedAccessException ? "The portal's account may not read the file." : $"The file cannot be read: {error.Message}", ct);
            return false;
        }
    }

    public void Dispose() => Close();

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (IsOverwritten())
        {
            Close(); // truncated: it is looked for anew, a copy of what was there first
            return true;
        }

        var read = file!.Stream.Position;
        var batch = await reader!.ReadAsync(ct);
        if (file.Stream.Position > read)
            rotatedAt = null;
        if (batch is { Count: > 0 })
        {
            await TakeAsync(batch, ct);
            return true;
        }

        switch (FileSearch.IsAtPath(followed.Path, file))
        {
            case true:
                await SayAsync(malformed > 0 ? problem : null, ct);
                return false;
            case null:
                await SayAsync("The file was moved away; the old one is read on until there is a new one.", ct);
                return false;
            default:
                return await LeaveAsync(ct);
        }
    }

    // Another file has taken the place of the one that is read.
    private async Task<bool> LeaveAsync(CancellationToken ct)
    {
        rotatedAt ??= time.GetTimestamp();
        if (!isCopy && time.GetElapsedTime(rotatedAt.Value) < RotatedRest)
            return false;
        reader!.Follows = false; // a last line without an end is all there will be of it
        while (await reader.ReadAsync(ct) is { Count: > 0 } batch)
            await TakeAsync(batch, ct);
        if (FileSearch.After(followed.Path, file!) is not { } next)
            return false;

        logger.LogInformation("Feed {Feed}: another file is at {Path}; {File} is begun", followed.Feed.PublicId, followed.Path, next.File.Stream.Name);
        Open(next);
        return true;
    }

    private bool Find()
    {
        if (FileSearch.Find(followed.Path, place!) is not { } start)
            return false;
        Open(start);
        return true;
    }

    private void Open(FileStart start)
    {
        Close();
        if (!start.IsKnown)
        {
            // Read before or not: with an empty memory lines get the keys they got when the file was new, and none counts twice.
            memory = FeedFormats.Remember(followed.Feed, null);
            logger.LogInformation("Feed {Feed}: what was read of {Path} is no longer there; {File} is read from its start", followed.Feed.PublicId, followed.Path, start.File.Stream.Name);
        }

        file = start.File;
        file.Stream.Position = begin = start.Position;
        reader = new FeedReader(file.Stream, formats.OpenFollowed(followed.Feed, memory), time, maxDocument: 0) { Follows = true };
        isCopy = start.IsCopy;
        rotatedAt = null;
    }

    // By its length, or by what now stands before the place.
    private bool IsOverwritten()
    {
        var length = file!.Length;
        return length < file.Stream.Position
            || (length > file.Stream.Position && place!.Identity == file.Identity && place.Position == begin + reader!.Position && !file.Holds(place.Position, place.Tail));
    }

    private async Task TakeAsync(FeedBatch batch, CancellationToken ct)
    {
        await AppendAsync(batch, ct);
        Judge(batch);
        var position = begin + reader!.Position;
        place = new FilePlace(file!.Identity, position, file.TailAt(position), memory.ToBytes(), file.WrittenUtc);
        await store.SaveAsync(followed.Feed, place, problem, ct);
        hasSaidProblem = true;
    }

    // The batch is read: it waits here until the journal has it.
    private async Task AppendAsync(FeedBatch batch, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await journal.AppendAsync(followed.Feed.VendorId, followed.Feed.FeedId, batch, ct);
                return;
            }
            catch (JournalFullException)
            {
                // back-pressure: the file keeps what is not read
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logger.LogError(error, "Feed {Feed}: what was read of {Path} could not be stored; it is tried again", followed.Feed.PublicId, followed.Path);
            }

            await Task.Delay(PollEvery, time, ct);
        }
    }

    private void Judge(FeedBatch batch)
    {
        var isAllMalformed = batch.Malformed == batch.Count;
        hasReadable |= !isAllMalformed;
        malformed = isAllMalformed ? malformed + batch.Malformed : 0;
        problem = malformed > 0 && (!hasReadable || malformed >= ManyMalformed)
            ? Clamp(string.Create(CultureInfo.InvariantCulture, $"None of the newest lines ({malformed}) is of the feed's format: {batch.Rejected[^1].Reason}."))
            : null;
    }

    private async Task SayAsync(string? now, CancellationToken ct)
    {
        now = now is null ? null : Clamp(now);
        if (now == problem && hasSaidProblem)
            return;
        await store.SaveProblemAsync(followed.Feed, now, ct);
        if (now is not null)
            logger.LogWarning("Feed {Feed}: {Path}: {Problem}", followed.Feed.PublicId, followed.Path, now);
        (problem, hasSaidProblem) = (now, true);
    }

    private void Forget()
    {
        Close();
        place = null;
        hasSaidProblem = false;
    }

    private void Close()
    {
        reader?.Dispose();
        file?.Dispose();
        (reader, file) = (null, null);
    }

    private static string Clamp(string text) => text.Length <= FollowedFile.MaxProblem ? text : text[..FollowedFile.MaxProblem];
}
