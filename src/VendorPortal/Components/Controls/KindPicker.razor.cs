using Microsoft.AspNetCore.Components;
using VendorPortal.Classification;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>Which kinds of rows are kept, and whether publishers' own pulls are left out, among them, or all there is.</summary>
public sealed partial class KindPicker : ComponentBase
{
    private static readonly (PublisherPulls Choice, string Word)[] PublisherChoices =
        [(PublisherPulls.Exclude, "Left out"), (PublisherPulls.Include, "Included"), (PublisherPulls.Only, "Only these")];

    [Parameter, EditorRequired]
    public required PullFilter Filter { get; set; }

    [Parameter]
    public bool IsOpen { get; set; }

    [Parameter]
    public EventCallback<bool> IsOpenChanged { get; set; }

    [Parameter]
    public EventCallback<PullFilter> OnChange { get; set; }

    private FilterValues Not => Filter.Not[FilterDimension.Kind];

    private string Text => Filter.Kinds.Count switch
    {
        0 when Not.Count == 1 => $"Kind: not {FilterWords.Name(Not[0])}",
        0 when Not.Count > 1 => $"Kind: not {Not.Count}",
        0 => "Kind: all",
        1 => $"Kind: {FilterWords.Name(Filter.Kinds[0])}",
        2 when Filter.Kinds.Contains(KindNames.PullByTag) && Filter.Kinds.Contains(KindNames.PullByDigest) => "Kind: downloads",
        var n => $"Kind: {n}",
    };

    private static PullKind KindOf(string name) => KindNames.TryParse(name, out var kind) ? kind : PullKind.PullByTag;

    private static string What(string kind) => kind switch
    {
        KindNames.PullByTag => "asked for a tag",
        KindNames.PullByDigest => "asked for a digest",
        KindNames.VersionCheck => "looked, fetched nothing",
        _ => "refused by the registry",
    };

    // To keep a kind and to leave it out exclude each other.
    private Task ToggleAsync(string kind) =>
        OnChange.InvokeAsync((Filter with { Kinds = Filter.Kinds.Toggle(kind) }).WithNot(FilterDimension.Kind, FilterValues.From(Not.Where(other => other != kind))));

    private Task ToggleNotAsync(string kind) =>
        OnChange.InvokeAsync((Filter with { Kinds = FilterValues.From(Filter.Kinds.Where(other => other != kind)) }).WithNot(FilterDimension.Kind, Not.Toggle(kind)));
}
