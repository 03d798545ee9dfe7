using Microsoft.AspNetCore.Components;
using VendorPortal.Components.Controls;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Components.Insights;

/// <summary>The customers of an artifact: all of them, who still pulls a version, who has not pulled one, who went silent.</summary>
public sealed partial class CustomerAdoption : ComponentBase, IDisposable
{
    internal const int Rows = 25;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly (AdoptionWho Who, string Words)[] Lists =
    [
        (AdoptionWho.Everyone, "All"), (AdoptionWho.StillPulling, "Still pulling …"), (AdoptionWho.Without, "Without …"), (AdoptionWho.Silent, "Silent for 30 days"),
    ];

    private ITimer? typing;
    private string search = "";
    private string? told;

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required AdoptionView View { get; set; }

    /// <summary>The view the adoption was read for, which is not the one chosen while that is read.</summary>
    [Parameter, EditorRequired]
    public required AdoptionView Shown { get; set; }

    [Parameter, EditorRequired]
    public required Adoption Adoption { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback<AdoptionView> OnChange { get; set; }

    private IEnumerable<string> Versions => Adoption.Versions.Select(version => version.Name).Union((View.Version ?? Adoption.Version) is { } version ? [version] : []);

    private string About => DigestText.Short(Adoption.Version ?? "");

    private string Sentence => Shown.Who switch
    {
        AdoptionWho.StillPulling => $"Customers that pulled {About} in the last 30 days.",
        AdoptionWho.Without => $"Customers that pulled neither {About} nor a newer version.{(Adoption.NotKnown > 0 ? $" {InsightsWords.Number(Adoption.NotKnown)} more pulled a tag that moves or a digest since then: whether they have it is not known." : "")}",
        AdoptionWho.Silent => "Customers that pulled nothing of this artifact in the last 30 days.",
        _ => "Every customer that pulled this artifact, those furthest behind first.",
    };

    private string Nothing => Shown.Search is { } text ? $"No customer here contains “{text}”." : Shown.Who switch
    {
        AdoptionWho.StillPulling => $"Nobody pulled {About} in the last 30 days.",
        AdoptionWho.Without => Adoption.NotKnown > 0 ? $"Nobody is known not to have pulled {About} or a newer version." : $"Every customer has pulled {About} or a newer version.",
        AdoptionWho.Silent => "Every customer pulled something in the last 30 days.",
        _ => "No known customer pulled this artifact.",
    };

    public void Dispose() => typing?.Dispose();

    protected override void OnParametersSet()
    {
        if (told == View.Search)
            return;
        told = View.Search;
        search = told ?? "";
    }

    private static bool NeedsVersion(AdoptionWho who) => who is AdoptionWho.StillPulling or AdoptionWho.Without;

    // A list about a version begins with the newest release.
    private Task ChooseAsync(ChangeEventArgs e) => Enum.TryParse<AdoptionWho>(e.Value as string, out var who)
        ? OnChange.InvokeAsync(View with { Who = who, Version = NeedsVersion(who) ? View.Version ?? Adoption.Version : null, Page = 0 })
        : Task.CompletedTask;

    private Task GoAsync(int by) => (Adoption.First / Rows) + by is >= 0 and var to && to * Rows < Adoption.Matching ? OnChange.InvokeAsync(View with { Page = to }) : Task.CompletedTask;

    private void Typed()
    {
        typing ??= Time.CreateTimer(_ => _ = InvokeAsync(TellAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        typing.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    private Task TellAsync()
    {
        var wanted = search.Trim() is { Length: > 0 } text ? text : null;
        if (wanted == told)
            return Task.CompletedTask;
        told = wanted;
        return OnChange.InvokeAsync(View with { Search = wanted, Page = 0 });
    }

    private string Pulls(AdoptionCustomer customer) =>
        InsightsWords.Downloads(new PullFilter { Artifacts = [Shown.Artifact!], Customers = [customer.Name], Kinds = [KindNames.PullByTag, KindNames.PullByDigest] });
}
