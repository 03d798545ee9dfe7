namespace VendorPortal.Components.Pages;

// What happens by itself while the page is open: new pulls announce themselves, the first run ends, the day changes.
public sealed partial class Downloads
{
    private static readonly TimeSpan FirstRunPause = TimeSpan.FromSeconds(2);
    private DateTime updatedUtc;
    private bool paused;

    private void OnPullsChanged(int vendorId)
    {
        if (vendorId == vendor!.Id)
            live!.Trigger();
    }

    private async Task OnLiveAsync()
    {
        if (busy || failure is not null || closing.IsCancellationRequested || (paused && !first!.IsShown))
            return;
        var today = clock!.Today;
        clock = clock.Advance(Time.GetUtcNow());
        if (clock.Today != today && period is not null)
        {
            filter = period.ApplyTo(filter, clock.Zone, Now);
            await LoadAsync();
            return;
        }

        if (first!.IsShown || log!.Rows.Count == 0)
        {
            await LoadAsync(); // nothing is being read that could move
            return;
        }

        try
        {
            await log.CountNewerAsync(closing.Token);
            updatedUtc = Now;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Logger.LogWarning(e, "New pulls could not be counted"); // the next change tries again
        }
        catch (OperationCanceledException)
        {
            return;
        }

        StateHasChanged();
    }

    // What came in meanwhile is announced at once.
    private Task ToggleLiveAsync()
    {
        paused = !paused;
        return paused ? Task.CompletedTask : OnLiveAsync();
    }

    private async Task TakeNewerAsync()
    {
        try
        {
            await log!.TakeNewerAsync(closing.Token);
            failure = null;
            updatedUtc = Now;
            focus = log.Rows[0].Id; // the pill goes away; the focus goes to what it brought
            revision++;
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
        catch (Exception e)
        {
            Fail(e, "New pulls could not be read.", TakeNewerAsync);
        }
    }

    // Requests arrive some seconds before they become pulls, and nothing announces them: while the steps are shown, the page looks itself.
    private void WatchFirstRun()
    {
        if (!RendererInfo.IsInteractive)
            return;
        if (first!.IsShown)
            firstRunTimer ??= Time.CreateTimer(_ => _ = InvokeAsync(OnLiveAsync), null, FirstRunPause, FirstRunPause);
        else
        {
            firstRunTimer?.Dispose();
            firstRunTimer = null;
        }
    }
}
