using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Classification;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>How the feeds of a vendor are: whether all is counted, and a card for each. Follows what arrives.</summary>
public sealed partial class IngestHealthPanel : ComponentBase, IDisposable
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource ending = new();
    private IngestHealth? health;
    private VendorWatch? watch;
    private bool failed;

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Inject]
    public required IngestHealthReader Reader { get; init; }

    [Inject]
    public required PullNotifications Notifications { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<IngestHealthPanel> Logger { get; init; }

    /// <summary>What was prerendered, so that the circuit starts with it.</summary>
    [PersistentState]
    public byte[]? Prerendered { get; set; }

    public void Dispose()
    {
        watch?.Dispose();
        ending.Cancel();
        ending.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        if (RendererInfo.IsInteractive)
            watch = new VendorWatch(Notifications, Time, VendorId, AtMostEvery, LookEvery, () => _ = InvokeAsync(LoadAsync));
        health = Carried.Unpack<IngestHealth>(Prerendered);
        if (health is null)
            await LoadAsync();
        if (!RendererInfo.IsInteractive && health is not null)
            Prerendered = Carried.Pack(health);
    }

    private async Task LoadAsync()
    {
        try
        {
            health = await Reader.ReadAsync(VendorId, ending.Token);
            failed = false;
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            return; // the page is gone
        }
        catch (Exception error)
        {
            Logger.LogError(error, "The health of the feeds of vendor {Vendor} could not be read", VendorId);
            failed = true;
        }

        StateHasChanged();
    }

    private static string StatusClass(IngestStatus status) => status == IngestStatus.Ok ? "good" : "warn";

    private static string StatusWord(IngestStatus status) => status switch
    {
        IngestStatus.Ok => "All is counted",
        IngestStatus.Quiet => "A feed is silent",
        _ => "Numbers may be incomplete",
    };

    private static string Waiting(IngestHealth now) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.QueueDepth:N0} requests wait to be stored, {now.Pending:N0} to be classified") +
        (now.Pending > 0 ? $"; classified is everything before {IngestWords.Span(Age(now))} ago." : ".");

    private static TimeSpan Age(IngestHealth now) => now.AtUtc > now.WatermarkUtc ? now.AtUtc - now.WatermarkUtc : TimeSpan.Zero;
}
