using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Radzen;
using VendorPortal.Enrichment;

namespace VendorPortal.Components.People;

/// <summary>Reads a file of users and customers, shows what it would change, applies it; closes with a sentence.</summary>
public sealed partial class UploadDialog : IDisposable
{
    private const int MaxShown = 100;

    private readonly CancellationTokenSource ending = new();
    private CustomerCsv? csv;
    private CustomerCsvPlan? plan;
    private string? fileName;
    private string? failure;
    private bool past = true;
    private bool busy;

    [Inject]
    public required CustomerCsvImport Import { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    /// <summary>From the verified sign-in of the page that opens this.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    private string ErrorHead => csv!.Errors.Count switch
    {
        1 => "One thing is wrong with the file",
        >= CustomerCsv.MaxErrors => $"At least {CustomerCsv.MaxErrors} things are wrong with the file",
        var count => $"{count.ToString(CultureInfo.InvariantCulture)} things are wrong with the file",
    };

    private string ApplyText => plan is { IsEmpty: false } ? $"Apply to {Number(plan.Changes.Count)} {(plan.Changes.Count == 1 ? "user" : "users")}" : "Apply";

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    private async Task ReadAsync(InputFileChangeEventArgs change)
    {
        (fileName, csv, plan, failure, busy) = (change.File.Name, null, null, null, true);
        try
        {
            if (change.File.Size > CustomerCsv.MaxBytes)
            {
                failure = $"The file is larger than {CustomerCsv.MaxBytes / 1024 / 1024} MB; split it.";
                return;
            }

            StateHasChanged();
            await using var stream = change.File.OpenReadStream(CustomerCsv.MaxBytes, ending.Token);
            using var memory = new MemoryStream((int)change.File.Size);
            await stream.CopyToAsync(memory, ending.Token);
            csv = await Task.Run(() => CustomerCsv.Parse(memory.ToArray()), ending.Token);
            if (csv.Errors.Count == 0)
                plan = await Import.PreviewAsync(VendorId, csv, past, ending.Token);
        }
        catch (IOException)
        {
            failure = "The file could not be read; choose it again.";
        }
        finally
        {
            busy = false;
        }
    }

    private async Task SetPastAsync(bool isPast)
    {
        past = isPast;
        if (csv is { Errors.Count: 0 })
            plan = await Import.PreviewAsync(VendorId, csv, past, ending.Token);
    }

    private async Task ApplyAsync()
    {
        if (csv is null || busy)
            return;
        busy = true;
        // Not cancelled with the dialog: what was asked for is done.
        var done = await Import.ApplyAsync(VendorId, csv, past, CancellationToken.None);
        Dialogs.Close($"{Number(done.Changes.Count)} users and {Number(done.NewCustomers.Count + done.RestoredCustomers.Count)} customers");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
