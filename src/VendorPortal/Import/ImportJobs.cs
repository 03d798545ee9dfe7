using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using VendorPortal.Feeds;
using VendorPortal.Hosting;

namespace VendorPortal.Import;

/// <summary>
/// The imports that are uploaded: one at a time for each vendor. Keeps the one that runs or, after it, the last one, so that pages come
/// and go meanwhile. Nothing of it survives the process; what was imported does.
/// </summary>
public sealed class ImportJobs(FileImport import, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ImportJobs> logger)
{
    private readonly ConcurrentDictionary<int, ImportJob> jobs = new();

    /// <summary>The import of a vendor that runs, else its last one since the portal was started.</summary>
    public ImportJob? Find(int vendorId) => jobs.GetValueOrDefault(vendorId);

    /// <summary>Begins an import; null where one of the vendor is running.</summary>
    /// <param name="feed">The feed the file belongs to.</param>
    /// <param name="fileName">For people.</param>
    /// <param name="bytes">Size of what is sent, where it is known.</param>
    public ImportJob? TryBegin(FeedIdentity feed, string fileName, long? bytes)
    {
        var job = new ImportJob(feed, fileName, bytes, time.GetUtcNow().UtcDateTime);
        var kept = jobs.AddOrUpdate(feed.VendorId, job, (_, last) => last.IsRunning ? last : job);
        if (ReferenceEquals(kept, job))
            return job;
        job.Dispose();
        return null;
    }

    /// <summary>Imports what <paramref name="content"/> brings, while it arrives; returns when all of it is stored, or the job says why not.</summary>
    public async Task RunAsync(ImportJob job, Stream content)
    {
        using var stopping = lifetime.ApplicationStopping.Register(job.Cancel);
        try
        {
            var counts = await import.RunAsync(job.Feed, [new ImportSource(job.FileName, () => content, job.Monitor.TotalBytes)], job.Monitor, job.Cancelled);
            job.End(ImportState.Done, time.GetUtcNow().UtcDateTime, counts);
        }
        catch (OperationCanceledException) when (job.Cancelled.IsCancellationRequested)
        {
            job.End(ImportState.Cancelled, time.GetUtcNow().UtcDateTime);
        }
        catch (InputException error)
        {
            job.End(ImportState.Failed, time.GetUtcNow().UtcDateTime, failure: error.Message);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            job.End(ImportState.Failed, time.GetUtcNow().UtcDateTime, failure: "The file is larger than the operator of this portal allows.");
        }
        catch (Exception error) when (error is BadHttpRequestException or ConnectionResetException or OperationCanceledException)
        {
            job.End(ImportState.Failed, time.GetUtcNow().UtcDateTime, failure: "The upload broke off before the end of the file. Send the file again: what is stored already is not counted twice.");
        }
        catch (Exception error)
        {
            logger.LogError(error, "The import of {File} into feed {Feed} failed", job.FileName, job.Feed.PublicId);
            job.End(ImportState.Failed, time.GetUtcNow().UtcDateTime, failure: "The portal could not store it; the reason is in its log. Send the file again: what is stored already is not counted twice.");
        }
    }
}
