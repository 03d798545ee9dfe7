using System.Text.Json;
using VendorPortal.Hosting;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// The format of an access log as a feed's options keep it: <c>combined</c>, <c>json:nginx</c>, <c>json:caddy</c>, <c>json:traefik</c>,
/// <c>json:{map}</c>, or nginx's <c>log_format</c>.
/// </summary>
/// <param name="Format">One of these.</param>
/// <param name="Address">
/// For a <c>log_format</c> or <c>combined</c>: the variable that holds the client's address; null = <c>remote_addr</c>.
/// </param>
public sealed record AccessLogFormat(string Format, string? Address = null)
{
    /// <summary>The variable that holds the client's address where nothing else is said.</summary>
    internal const string DefaultAddress = "remote_addr";

    public const string CombinedName = "combined";

    private const string JsonPrefix = "json:";
    private const int MaxLength = 4_000;

    public static readonly AccessLogFormat Combined = new(CombinedName);

    /// <summary>Whether it can be read at all.</summary>
    /// <exception cref="InputException">It cannot; says why and what is accepted.</exception>
    public void Validate() => Layout();

    public string ToOptions() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static AccessLogFormat FromOptions(string? options) =>
        options is null ? Combined : JsonSerializer.Deserialize<AccessLogFormat>(options, JsonSerializerOptions.Web) ?? Combined;

    internal ILogLayout Layout()
    {
        if (string.IsNullOrWhiteSpace(Format) || Format.Length > MaxLength)
            throw new InputException($"The log format is empty or longer than {MaxLength} characters.");
        var address = Address?.TrimStart('$');
        if (Format.StartsWith(JsonPrefix, StringComparison.Ordinal))
        {
            return address is null
                ? LogJson.Compile(Format[JsonPrefix.Length..])
                : throw new InputException("The address of a JSON log is told by its map, json:{\"address\":\"…\",…}.");
        }

        if (Format != CombinedName && !Format.Contains('$', StringComparison.Ordinal))
            throw new InputException($"There is no log format '{Format}'. There is: combined, {string.Join(", ", LogJson.PresetNames.Select(p => JsonPrefix + p))}, json:{{map}}, or nginx's log_format with its $variables.");
        return LogTemplate.Compile(Format == CombinedName ? LogTemplate.Combined : Format, address ?? DefaultAddress);
    }
}
