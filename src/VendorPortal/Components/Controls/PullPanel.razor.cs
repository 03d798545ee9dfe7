using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using VendorPortal.Classification;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>One pull, opened: why it is one, the requests behind it, and what is known of it. Stands beside the list, not over it.</summary>
public sealed partial class PullPanel : ComponentBase, IDisposable
{
    private CancellationTokenSource? query;
    private ElementReference title;
    private PullItem? item;
    private PullDetail? detail;
    private long? shown;
    private bool unknown;
    private bool failed;

    [Inject]
    public required PullDetailReader Reader { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ILogger<PullPanel> Logger { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public long PullId { get; set; }

    /// <summary>What the list knows of it already.</summary>
    [Parameter]
    public PullItem? Known { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    /// <summary>The newer neighbour in the list.</summary>
    [Parameter]
    public long? Above { get; set; }

    /// <summary>The older neighbour in the list.</summary>
    [Parameter]
    public long? Below { get; set; }

    [Parameter]
    public EventCallback<long> OnOpen { get; set; }

    [Parameter]
    public EventCallback OnClose { get; set; }

    /// <summary>What the prerendered page has read, so that the circuit does not show a gap in its place.</summary>
    [PersistentState]
    public byte[]? Persisted { get; set; }

    private string WhyTitle => item!.Kind switch
    {
        PullKind.VersionCheck => "Why this is a version check",
        PullKind.Denied => "Why this is not a pull",
        _ => item.Requests == 1 ? "Why this is a pull" : "Why this is one pull",
    };

    private string PageLink => Navigation.ToAbsoluteUri(string.Create(CultureInfo.InvariantCulture, $"downloads?pull={PullId}")).ToString();

    private string ApiLink => Navigation.ToAbsoluteUri(string.Create(CultureInfo.InvariantCulture, $"api/v1/artifact-pulls/{PullId}")).ToString();

    private string Curl => $"curl -H \"Authorization: Bearer $TOKEN\" {ApiLink}";

    private string? Json => detail is null ? null : PullJson.Write(detail);

    public void Dispose()
    {
        query?.Cancel();
        query?.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (shown == PullId)
            return;
        shown = PullId;
        if (Carried.Unpack<PullDetail>(Persisted) is { } kept && kept.Item.Id == PullId)
        {
            detail = kept;
            item = kept.Item;
            return;
        }

        await LoadAsync();
        if (!RendererInfo.IsInteractive && detail is not null)
            Persisted = Carried.Pack(detail);
    }

    // The focus comes in with the panel; stepping to a neighbour leaves it on the button that was pressed.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await title.FocusAsync(preventScroll: true);
    }

    private async Task LoadAsync()
    {
        query?.Cancel();
        query?.Dispose();
        query = new CancellationTokenSource();
        var ct = query.Token;
        item = Known;
        detail = null;
        unknown = failed = false;
        try
        {
            var read = await Reader.ReadAsync(VendorId, PullId, ct);
            ct.ThrowIfCancellationRequested();
            detail = read;
            item = read?.Item;
            unknown = read is null;
        }
        catch (OperationCanceledException)
        {
            // Another pull is opened, or the panel is gone.
        }
        catch (Exception e)
        {
            Logger.LogError(e, "Pull {Id} could not be read", PullId);
            failed |= !ct.IsCancellationRequested;
        }
    }

    private Task GoAsync(long? id) => id is { } pull ? OnOpen.InvokeAsync(pull) : Task.CompletedTask;

    private Task CloseAsync() => OnClose.InvokeAsync();

    private Task KeyAsync(KeyboardEventArgs e) => e.Key == "Escape" ? CloseAsync() : Task.CompletedTask;
}
