using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Exports;
using VendorPortal.Reports;

namespace VendorPortal.Api;

/// <summary>What the OpenAPI document says of parameters. They are read by hand, so that every refusal can name the accepted form.</summary>
internal static class ParameterDocs
{
    public static readonly OpenApiParameter Cursor = Text("cursor", "The nextCursor of an earlier page.");
    public static readonly OpenApiParameter Search = Text("search", "Keeps options whose text contains this, in any case.");
    public static readonly OpenApiParameter Format = Choice("format", "The form of the file; csv by default.", "csv", "ndjson", "json");
    public static readonly OpenApiParameter Columns = Text("columns", $"The columns: {ExportColumns.Accepted}. By default a CSV has the seven of the Downloads page, JSON has all.");
    public static readonly OpenApiParameter Raw = Choice("raw", "true leaves cells as they are that a spreadsheet would run as a formula.", "false", "true");
    public static readonly OpenApiParameter Gzip = Choice("gzip", "true packs the file; its name then ends in .gz.", "false", "true");

    private static readonly OpenApiParameter[] Filter =
    [
        Text("from", "First instant kept: an RFC 3339 instant, or a date, which begins at midnight of zone."),
        Text("to", "End of the range: an RFC 3339 instant, no longer kept, or a date, kept through its last moment in zone."),
        Text("zone", "IANA time zone of bare dates; UTC by default."),
        List("customer", "Names of customers; - is unknown."),
        List("user", "Accounts of the registry; - is unknown."),
        List("address", "IP addresses or CIDR ranges; - is unknown."),
        List("artifact", "Names of artifacts, namespace/name."),
        List("version", "Tags or digests as clients asked for them."),
        List("kind", $"Kinds: {string.Join(", ", KindNames.All)}."),
        List("client", "Tools that pulled, without their versions, such as containerd; - is unknown."),
        List("country", "Countries of the addresses, ISO 3166-1 alpha-2; - is unknown."),
        List("host", "Clouds of the addresses, such as aws; - is unknown or none."),
        List("network-type", $"Types of the addresses' networks: {string.Join(", ", NetworkTypes.All)}; - is unknown."),
        .. Enum.GetValues<FilterDimension>().Select(dimension => Left(PullFilterUrl.ParameterOf(dimension))),
        Text("text", $"Keeps pulls whose artifact, version, customer or user has a name that contains this, in any case; at most {PullFilterUrl.MaxText} characters."),
        Choice("publishers", "Whether to keep labelled pulls: what publishers pull from their own repositories, and signatures and attestations; exclude by default.", "exclude", "include", "only"),
    ];

    public static OpenApiParameter Limit(int absent) => new()
    {
        Name = "limit",
        In = ParameterLocation.Query,
        Description = $"Most entries to give; {absent} by default.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{ApiQuery.MaxLimit}", Default = JsonValue.Create(absent) },
    };

    public static RouteHandlerBuilder WithFilterParameters(this RouteHandlerBuilder builder, params OpenApiParameter[] others) => builder.WithParameters([.. Filter, .. others]);

    /// <summary>Says what the parts of an address are that are read by hand; routes may have them or not.</summary>
    public static RouteGroupBuilder WithPathParameters(this RouteGroupBuilder builder, params (string Name, OpenApiSchema Schema)[] parameters) =>
        builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path))
                parameter.Schema = Array.Find(parameters, p => p.Name == parameter.Name).Schema ?? parameter.Schema;
            return Task.CompletedTask;
        });

    public static OpenApiSchema Whole(int least, int? most = null) => new() { Type = JsonSchemaType.Integer, Minimum = $"{least}", Maximum = most is null ? null : $"{most}" };

    public static OpenApiSchema OneOf(params IEnumerable<string> values) => new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value))] };

    public static RouteHandlerBuilder WithParameters(this RouteHandlerBuilder builder, params OpenApiParameter[] parameters) =>
        builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var parameter in parameters)
                operation.Parameters.Add(parameter);
            return Task.CompletedTask;
        });

    public static OpenApiParameter Text(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    public static OpenApiParameter Choice(string name, string description, params string[] values) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = OneOf(values),
    };

    public static OpenApiParameter Number(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = Whole(1) };

    public static OpenApiParameter List(string name, string description) => Repeated(name, $"{description} May be repeated; any of them is kept.");

    private static OpenApiParameter Left(string dimension) => Repeated(PullFilterUrl.Not + dimension, $"As {dimension}, of what is left out. May be repeated; none of them is kept.");

    private static OpenApiParameter Repeated(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Explode = true,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
    };
}
