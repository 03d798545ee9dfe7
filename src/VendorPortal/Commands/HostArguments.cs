using System.CommandLine;
using System.CommandLine.Parsing;
using VendorPortal.Hosting;

namespace VendorPortal.Commands;

/// <summary>The command line was not understood; the message, one line, says what is wrong with it.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Options that every command knows.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Data = new("--data")
    {
        Description = "The data directory (default ./data, or Portal__DataDirectory).", HelpName = "DIR", Recursive = true,
    };

    public static readonly Option<string?> Vendor = new("--vendor")
    {
        Description = "Slug of the vendor; not needed where there is only one.", HelpName = "SLUG",
    };
}

/// <summary>What is left for the host: settings of the form <c>--Section:Key=value</c> or <c>--Section:Key value</c>.</summary>
internal static class HostArguments
{
    private static readonly string[] Switches = ["--urls", "--environment", "--contentRoot", "--applicationName"];

    /// <summary>The host's arguments; <c>--data</c> comes last, because the last one counts.</summary>
    public static string[] Of(ParseResult parsed)
    {
        var data = parsed.GetValue(CommonOptions.Data);
        return data is null ? [.. Tokens(parsed)] : [.. Tokens(parsed), $"--{PortalOptions.Section}:{nameof(PortalOptions.DataDirectory)}={data}"];
    }

    /// <summary>All that no command has asked for: an argument that takes any number of values takes the settings too.</summary>
    public static IReadOnlyList<string> Tokens(ParseResult parsed) =>
    [
        .. parsed.UnmatchedTokens,
        .. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => Split(argument.Tokens.Select(token => token.Value)).Settings),
    ];

    /// <summary>Takes the settings out of the values of an argument.</summary>
    public static (IReadOnlyList<string> Own, IReadOnlyList<string> Settings) Split(IEnumerable<string> values)
    {
        var (own, settings) = (new List<string>(), new List<string>());
        var isValue = false;
        foreach (var value in values)
        {
            var isSetting = value.StartsWith("--", StringComparison.Ordinal);
            (isSetting || isValue ? settings : own).Add(value);
            isValue = isSetting && !value.Contains('=', StringComparison.Ordinal);
        }

        return (own, settings);
    }

    /// <summary>Refuses what is neither a command nor a setting: a mistyped command must not start a server.</summary>
    /// <exception cref="UsageException">There is such a thing.</exception>
    public static void Check(IReadOnlyList<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var name = token.Split('=', 2)[0];
            if (!name.StartsWith('-'))
                throw new UsageException($"'{token}' is not a command.");
            if (!name.Contains(':', StringComparison.Ordinal) && !Switches.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new UsageException($"There is no option '{name}'.");
            if (name.Length == token.Length)
                i++; // its value
        }
    }
}
