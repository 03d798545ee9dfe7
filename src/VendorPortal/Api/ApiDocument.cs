using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace VendorPortal.Api;

/// <summary><c>/openapi/v1.json</c>: what scripts and registries may call, not the pages.</summary>
internal static class ApiDocument
{
    private static readonly string[] Documented = ["api/", "ingest/", "v2/"];

    public static IServiceCollection AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.ShouldInclude = description => Documented.Any(prefix => description.RelativePath?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) == true);
            options.AddDocumentTransformer(Describe);
        });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Vendor Portal",
            Version = "v1",
            Description = "Who pulls which of a vendor's artifacts. Errors are RFC 9457 problem documents that name the parameter and the accepted form.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API token of the vendor, the token that /v2/users/login answers with, or the secret of a feed for ingestion.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }];
        return Task.CompletedTask;
    }
}
