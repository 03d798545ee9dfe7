using System.Diagnostics;
using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Door;

/// <summary>What is shown where a page could not be: a failure, a refusal, an address that leads nowhere.</summary>
public sealed partial class ErrorPage
{
    private string title = "";
    private string text = "";
    private string? reference;

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [Parameter]
    public int? Code { get; set; }

    protected override void OnInitialized()
    {
        (title, text) = Code switch
        {
            StatusCodes.Status400BadRequest => ("That form is no longer valid", "It was opened before you signed in or out. Go back, reload the page and send it again."),
            StatusCodes.Status403Forbidden => ("Not allowed", "Your account may not see or do this."),
            StatusCodes.Status404NotFound => ("No such page", "Nothing is at this address. It may have been moved, or the link is incomplete."),
            StatusCodes.Status429TooManyRequests => ("Too many tries", "Wait a minute and try again."),
            _ => ("Something failed", "The failure is in the portal's log, under the reference below. Nothing was lost."),
        };
        if (Code is null or >= 500)
            reference = Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;
    }
}
