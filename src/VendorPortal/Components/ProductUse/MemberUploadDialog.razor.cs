using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Radzen;
using VendorPortal.Components.Insights;
using VendorPortal.Hosting;
using VendorPortal.Usage;

namespace VendorPortal.Components.ProductUse;

/// <summary>Reads a file of members, says what is wrong with it, applies it; closes with a sentence.</summary>
public sealed partial class MemberUploadDialog : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private MemberCsv? csv;
    private string? fileName;
    private string? failure;
    private bool busy;

    [Inject]
    public required ProductMembers Members { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    /// <summary>From the verified sign-in of the page that opens this.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required int CustomerId { get; set; }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    private async Task ReadAsync(InputFileChangeEventArgs change)
    {
        (fileName, csv, failure, busy) = (change.File.Name, null, null, true);
        try
        {
            if (change.File.Size > MemberCsv.MaxBytes)
            {
                failure = $"The file is larger than {MemberCsv.MaxBytes / 1024 / 1024} MB; split it.";
                return;
            }

            await using var stream = change.File.OpenReadStream(MemberCsv.MaxBytes, ending.Token);
            using var memory = new MemoryStream((int)change.File.Size);
            await stream.CopyToAsync(memory, ending.Token);
            csv = await Task.Run(() => MemberCsv.Parse(memory.ToArray()), ending.Token);
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

    private async Task ApplyAsync()
    {
        if (csv is null || busy)
            return;
        busy = true;
        try
        {
            // Not cancelled with the dialog: what was asked for is done.
            var done = await Members.SaveAsync(VendorId, CustomerId, csv.Rows, CancellationToken.None);
            Dialogs.Close($"{Number(done.Added)} added, {Number(done.Changed)} changed, {Number(done.Unchanged)} as before");
        }
        catch (InputException exception)
        {
            failure = exception.Message;
        }
        finally
        {
            busy = false;
        }
    }

    private static string Number(long value) => InsightsWords.Number(value);
}
