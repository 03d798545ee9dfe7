using System.CommandLine;
using VendorPortal.Hosting;
using VendorPortal.Usage;

namespace VendorPortal.Commands;

/// <summary><c>usage erase|rebuild</c>.</summary>
internal static class UsageCommands
{
    public static Command Build()
    {
        var usage = new Command("usage", "How customers' people use the product.");
        usage.Add(Erase());
        usage.Add(Rebuild());
        return usage;
    }

    private static Command Erase()
    {
        var user = new Option<string>("--user") { Description = "User name or e-mail address.", HelpName = "USER", Required = true };
        var customer = new Option<string?>("--customer") { Description = "The person's customer, where several have such.", HelpName = "NAME" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tells what would be erased and changes nothing." };
        var command = new Command("erase", "Erases a person: events, figures, what lists say of them. Prints what went as JSON. Cannot be undone.") { user, customer, dryRun, CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            var erasure = host.Services.GetRequiredService<UsageErasure>();
            var (name, of) = (parsed.GetRequiredValue(user), parsed.GetValue(customer));
            var found = await erasure.FindAsync(vendor.Id, name, of, ct);
            if (found.Count != 1)
                throw new InputException(found.Count == 0 ? $"Vendor '{vendor.Slug}' knows nobody '{name}'{(of is null ? "" : $" of '{of}'")}." : $"There are {found.Count} people '{name}'; name the customer with --customer.");
            var isDry = parsed.GetValue(dryRun);
            var gone = isDry ? await erasure.PreviewAsync(vendor.Id, found[0], ct) : await erasure.EraseAsync(vendor.Id, found[0], ct);
            await parsed.WriteJsonAsync(new { user = gone!.Username, customer = gone.Customer, events = gone.Events, days = gone.Days, extensions = gone.Extensions, listed = gone.IsListed, optedOut = gone.IsOptedOut, erased = !isDry });
            return 0;
        });
        return command;
    }

    private static Command Rebuild()
    {
        var command = new Command("rebuild", "Counts usage once more from the events that are kept. Events that come in meanwhile are counted too.") { CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            var bar = new ProgressBar(parsed.InvocationConfiguration.Error);
            var people = await host.Services.GetRequiredService<UsageRebuild>().RunAsync(vendor.Id, new Progress(bar), ct);
            bar.End();
            await parsed.WriteJsonAsync(new { vendor = vendor.Slug, people });
            return 0;
        });
        return command;
    }

    private sealed class Progress(ProgressBar bar) : IProgress<double>
    {
        public void Report(double value) => bar.Report(value, "people counted");
    }
}
