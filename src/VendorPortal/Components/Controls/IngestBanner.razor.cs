using Microsoft.AspNetCore.Components;
using VendorPortal.Classification;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>Says above numbers why they may be incomplete; nothing where they are not. Follows what arrives.</summary>
public sealed partial class IngestBanner : ComponentBase, IDisposable
{
    private const int MaxTold = 2;
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource ending = new();
    private IReadOnlyList<string> warnings = [];
    private VendorWatch? watch;

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Inject]
    public required IngestHealthReader Reader { get; init; }

    [Inject]
    public required PullNotifications Notifications { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<IngestBanner> Logger { get; init; }

    public void Dispose()
    {
        watch?.Dispose();
        ending.Cancel();
        ending.Dispose();
    }

    protected override Task OnInitializedAsync()
    {
        if (RendererInfo.IsInteractive)
            watch = new VendorWatch(Notifications, Time, VendorId, AtMostEvery, LookEvery, () => _ = InvokeAsync(LoadAsync));
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            var now = await Reader.ReadWarningsAsync(VendorId, ending.Token);
            if (now.SequenceEqual(warnings))
                return;
            warnings = now;
            StateHasChanged();
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            // The page is gone.
        }
        catch (Exception error)
        {
            Logger.LogWarning(error, "Whether numbers are complete could not be read"); // the numbers themselves may still be
        }
    }
}
