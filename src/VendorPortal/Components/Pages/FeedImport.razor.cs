using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using VendorPortal.Feeds;
using VendorPortal.Import;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>
/// Brings the past of a feed in from a file, and shows the import that runs or was the last one. The file goes by a request of its own
/// (import.js), not through the circuit.
/// </summary>
public sealed partial class FeedImport : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource ending = new();
    private IReadOnlyList<FeedStatus>? feeds;
    private JobView? shown;
    private int vendorId;

    /// <summary>The feed's id, <c>vendor-feed</c>; one of another vendor is as good as none.</summary>
    [Parameter]
    public required string Id { get; set; }

    [Inject]
    public required FeedDirectory Directory { get; init; }

    [Inject]
    public required ImportJobs Jobs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> SignedIn { get; set; }

    // The address may lead from one feed to another without a new page.
    private FeedStatus? Feed => feeds?.FirstOrDefault(f => f.Id == Id);

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        vendorId = (await SignedIn).User.Vendor().Id;
        feeds = await Directory.ListAsync(vendorId, ending.Token);
        shown = View();
        if (RendererInfo.IsInteractive)
            _ = WatchAsync();
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(LookEvery, Time);
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                var now = View();
                if (Equals(now?.Stamp, shown?.Stamp))
                    continue;
                shown = now;
                await InvokeAsync(StateHasChanged);
            }
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private void Cancel() => Jobs.Find(vendorId)?.Cancel();

    private JobView? View() => Jobs.Find(vendorId) is { } job
        ? new JobView(job, feeds?.FirstOrDefault(f => f.Id == job.Feed.PublicId)?.Name ?? job.Feed.PublicId, Time.GetUtcNow().UtcDateTime)
        : null;

    private static string Doing(JobView job)
    {
        var read = ImportMonitor.Read(job.Bytes, job.TotalBytes);
        var doing = job.IsStoring ? "putting it in order and storing it" : $"{Number((long)(job.Events / Math.Max(0.5, job.Elapsed.TotalSeconds)))} lines/s";
        var left = job.Remaining is { } rest ? string.Create(CultureInfo.InvariantCulture, $", about {rest:h\\:mm\\:ss} left") : "";
        return $"{read}, {doing}{left}";
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
