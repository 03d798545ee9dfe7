using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>A row of the log. Rendered again only where something of it has changed: a page holds up to 2,000 of them.</summary>
public sealed partial class PullLine : ComponentBase
{
    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");

    private (PullItem Row, bool Open, bool Fresh, MemberClock Clock, ListSettings Settings)? shown;
    private ElementReference button;
    private bool changed;
    private bool hadFocus;
    private bool takeFocus;

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required PullItem Row { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    [Parameter]
    public ListSettings Settings { get; set; } = ListSettings.Default;

    /// <summary>True while the detail panel shows this row.</summary>
    [Parameter]
    public bool Open { get; set; }

    /// <summary>True where the row came in while the page was open.</summary>
    [Parameter]
    public bool IsFresh { get; set; }

    /// <summary>Becoming true puts the focus on the row.</summary>
    [Parameter]
    public bool Focus { get; set; }

    [Parameter]
    public EventCallback<long> OnOpen { get; set; }

    /// <summary>A cell is to be filtered by.</summary>
    [Parameter]
    public EventCallback<CellChoice> OnCell { get; set; }

    private string? Person => (Row.UserName, Row.Email) switch
    {
        ({ } name, { } email) => $"{name} <{email}>",
        var (name, email) => name ?? email,
    };

    // A card has one place for who it was: the user's, where the customer is not told.
    private bool IsByUser => Row.User is not null && Settings.Shows(ListColumns.User) && (Row.Customer is null || !Settings.Shows(ListColumns.Customer));

    private string WhyNoCustomer => Row.User is null
        ? "Without an account the pull belongs to no known customer."
        : $"{Row.User} was not assigned to a customer at the time of the pull.";

    private string? Ago => Settings.IsRelative ? RelativeTime.Of(Time.GetUtcNow().UtcDateTime - Row.AtUtc) : null;

    private string? Client => Row.Client is null ? null : $"{Row.Client} {Row.ClientVersion}".TrimEnd();

    protected override void OnParametersSet()
    {
        var next = (Row, Open, IsFresh, Clock, Settings);
        changed = shown is not { } was || !ReferenceEquals(was.Row, Row) || was.Open != Open || was.Fresh != IsFresh || !ReferenceEquals(was.Clock, Clock) || was.Settings != Settings;
        shown = next;
        takeFocus = Focus && (takeFocus || !hadFocus);
        hadFocus = Focus;
    }

    protected override bool ShouldRender() => changed || takeFocus;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!takeFocus)
            return;
        takeFocus = false;
        await button.FocusAsync(preventScroll: true);
    }

    private Task OpenAsync() => OnOpen.InvokeAsync(Row.Id);
}
