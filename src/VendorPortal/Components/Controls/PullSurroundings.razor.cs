using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>What else the client of a pull did at that time, and what else its customer pulled of the artifact. Read after the pull itself.</summary>
public sealed partial class PullSurroundings : ComponentBase, IDisposable
{
    private CancellationTokenSource? query;
    private SurroundingPulls? found;
    private long? shown;
    private bool failed;

    [Inject]
    public required PullSurroundingsReader Reader { get; init; }

    [Inject]
    public required ILogger<PullSurroundings> Logger { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required PullItem Pull { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    [Parameter]
    public EventCallback<long> OnOpen { get; set; }

    private static string Minutes => PullSurroundingsReader.Reach.TotalMinutes.ToString("0", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        query?.Cancel();
        query?.Dispose();
    }

    // Not for the page that is sent first: it is far down, and nobody waits for it.
    protected override Task OnParametersSetAsync()
    {
        if (shown == Pull.Id || !RendererInfo.IsInteractive)
            return Task.CompletedTask;
        shown = Pull.Id;
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        query?.Cancel();
        query?.Dispose();
        query = new CancellationTokenSource();
        var ct = query.Token;
        found = null;
        failed = false;
        try
        {
            var read = await Reader.ReadAsync(VendorId, Pull, ct);
            ct.ThrowIfCancellationRequested();
            found = read;
        }
        catch (OperationCanceledException)
        {
            // Another pull is opened, or the panel is gone.
        }
        catch (Exception e)
        {
            Logger.LogError(e, "What stands around pull {Id} could not be read", Pull.Id);
            failed |= !ct.IsCancellationRequested;
        }
    }

    private string Link(PullFilter filter) => "downloads?" + PullFilterUrl.Format(filter, Clock.Zone);

    // How far from the pull: "+0.3 s", "−12 min".
    private string Distance(PullItem other)
    {
        var distance = other.AtUtc - Pull.AtUtc;
        var (sign, length) = (distance < TimeSpan.Zero ? "−" : "+", distance.Duration());
        return length < TimeSpan.FromMinutes(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{length.TotalSeconds:0.0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{length.TotalMinutes:0} min");
    }
}
