using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>All that is known of a pull, each to copy and, where a filter knows it, to show alone.</summary>
public sealed partial class PullFacts : ComponentBase
{
    [Parameter, EditorRequired]
    public required PullItem Pull { get; set; }

    /// <summary>What only the opened pull tells; null until it is read.</summary>
    [Parameter]
    public PullDetail? Detail { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    private string WhyNoCustomer => Pull.User is null
        ? "Without an account the pull belongs to no known customer."
        : $"{Pull.User} was not assigned to a customer at the time of the pull.";
}
