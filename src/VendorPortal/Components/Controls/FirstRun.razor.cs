using Microsoft.AspNetCore.Components;
using VendorPortal.Feeds;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Controls;

/// <summary>The first steps of a vendor without any request: feed, stanza, pull; or sample data.</summary>
public sealed partial class FirstRun : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource closing = new();
    private FeedStatus? feed;

    [Inject]
    public required FeedDirectory Feeds { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    /// <summary>True once requests have arrived that are no pull yet.</summary>
    [Parameter]
    public bool HasRequests { get; set; }

    /// <summary>How much of the sample vendor is made, 0 to 1, while its first pulls are awaited; else null.</summary>
    [Parameter]
    public double? SampleProgress { get; set; }

    private string Url => Feeds.UrlOf(feed?.Id ?? "FEED", Navigation.BaseUri);

    private string Stanza => DistributionStanza.For(Url, "SECRET");

    public void Dispose()
    {
        closing.Cancel();
        closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        var feeds = await Feeds.ListAsync(VendorId, closing.Token);
        feed = feeds.LastOrDefault(f => f.Kind == FeedKind.Distribution);
    }
}
