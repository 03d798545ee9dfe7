using Microsoft.AspNetCore.Components;
using VendorPortal.Classification;
using VendorPortal.Journal;

namespace VendorPortal.Components.Controls;

/// <summary>Says how long the requests behind pulls are kept, and whether the past is just being classified once more.</summary>
public sealed partial class JournalKeeping : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private JournalKept? kept;
    private ReclassificationProgress? again;

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Inject]
    public required JournalRetention Retention { get; init; }

    [Inject]
    public required Reclassifier Reclassifier { get; init; }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        kept = await Retention.ReadAsync(VendorId, ending.Token);
        again = await Reclassifier.ReadAsync(VendorId, ending.Token);
    }
}
