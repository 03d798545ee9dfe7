using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Text looked for in names. It tells of itself after a pause in the typing, and takes a new value from outside only where that is not the
/// echo of its own: what is being typed is never written over.
/// </summary>
public sealed partial class SearchBox : ComponentBase, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private ElementReference input;
    private ITimer? timer;
    private string text = "";
    private string? told;

    [Inject]
    public required TimeProvider Time { get; init; }

    /// <summary>What the page filters by; null for nothing.</summary>
    [Parameter, EditorRequired]
    public string? Value { get; set; }

    [Parameter]
    public EventCallback<string?> OnChange { get; set; }

    public ValueTask FocusAsync() => input.FocusAsync();

    public void Dispose() => timer?.Dispose();

    protected override void OnParametersSet()
    {
        if (Value == told)
            return;
        told = Value;
        text = Value ?? "";
        timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Typed()
    {
        timer ??= Time.CreateTimer(_ => _ = InvokeAsync(TellAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    private async Task TellAsync()
    {
        var trimmed = text.Trim();
        var wanted = trimmed.Length == 0 ? null : trimmed;
        if (wanted == told)
            return;
        told = wanted;
        await OnChange.InvokeAsync(wanted);
    }
}
