using System.CommandLine;
using System.CommandLine.Help;
using System.Data.Common;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;

namespace VendorPortal.Commands;

/// <summary>
/// The command line: without a command it serves. Standard output carries only what a command is asked for, so that scripts can
/// read it; messages go to standard error. Exit code 0 = done, 1 = could not be done, 2 = not understood.
/// </summary>
public static class PortalCommands
{
    private const int NotDone = 1;
    private const int NotUnderstood = 2;

    /// <summary>Runs what the arguments say and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null, CancellationToken ct = default)
    {
        output ??= Console.Out;
        error ??= Console.Error;
        var root = Build();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return await FailAsync(error, NotUnderstood, $"{parsed.Errors[0].Message} {HelpHint(parsed)}");
        // Serving ends as the host does it, draining what was received; a command is cancelled.
        var serves = parsed.CommandResult.Command is RootCommand or { Name: "serve" };
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = serves ? null : TimeSpan.FromSeconds(10),
        };
        try
        {
            if (parsed.Action is not (HelpAction or null) || serves)
                HostArguments.Check(HostArguments.Tokens(parsed));
            return await parsed.InvokeAsync(configuration, ct);
        }
        catch (UsageException exception)
        {
            return await FailAsync(error, NotUnderstood, $"{exception.Message} {HelpHint(parsed)}");
        }
        catch (PortalConfigurationException exception)
        {
            return await FailAsync(error, NotUnderstood, exception.Message);
        }
        catch (Exception exception) when (exception is InputException or IOException or UnauthorizedAccessException)
        {
            return await FailAsync(error, NotDone, exception.Message);
        }
        catch (DbException exception) when (!serves)
        {
            return await FailAsync(error, NotDone, $"The store cannot be used: {exception.Message}");
        }
        catch (OperationCanceledException)
        {
            return await FailAsync(error, NotDone, "Cancelled.");
        }
    }

    private static RootCommand Build()
    {
        var root = new RootCommand("Who pulls which of your artifacts. Without a command: serves the portal.");
        root.Add(CommonOptions.Data);
        root.Add(FeedCommands.Build());
        root.Add(TokenCommands.Build());
        root.Add(ImportCommand.Build());
        root.Add(ExportCommands.Build());
        root.Add(ReclassifyCommand.Build());
        root.Add(UsageCommands.Build());
        root.Add(DemoCommands.Build());
        root.Add(Migrate());
        var serve = new Command("serve", "Serves the portal; also what happens without a command.");
        root.Add(serve);
        root.SetAction(ServeAsync);
        serve.SetAction(ServeAsync);
        AllowHostArguments(root);
        return root;
    }

    // Any setting may be given as --Section:Key=value, for every command.
    private static void AllowHostArguments(Command command)
    {
        command.TreatUnmatchedTokensAsErrors = false;
        foreach (var child in command.Subcommands)
            AllowHostArguments(child);
    }

    private static Command Migrate()
    {
        var command = new Command("migrate", "Brings the store to the current schema; serving does this too.");
        command.SetAction(async (parsed, ct) =>
        {
            await using var host = CommandHost.Create(parsed);
            var applied = await host.MigrateAsync(ct);
            var output = parsed.InvocationConfiguration.Output;
            foreach (var migration in applied)
                await output.WriteLineAsync(migration);
            if (applied.Count == 0)
                await parsed.InvocationConfiguration.Error.WriteLineAsync("The store is up to date.");
            return 0;
        });
        return command;
    }

    private static async Task<int> ServeAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var app = PortalApplication.Build(HostArguments.Of(parsed));
        await app.Services.GetRequiredService<PortalMigrator>().MigrateAsync(ct);
        await app.Services.GetRequiredService<FirstOwner>().EnsureAsync(ct);
        await app.StartAsync(ct);
        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    private static string HelpHint(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "(See --help.)" : $"(See {Path(parsed.CommandResult.Command)} --help.)";

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{Path(parent)} {command.Name}" : command.Name;

    private static async Task<int> FailAsync(TextWriter error, int code, string message)
    {
        await error.WriteLineAsync(message.Trim());
        return code;
    }
}
