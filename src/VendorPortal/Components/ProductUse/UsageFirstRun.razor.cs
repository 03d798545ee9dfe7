using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;
using VendorPortal.Usage;

namespace VendorPortal.Components.ProductUse;

/// <summary>The first steps of a vendor whose product has not reported anything: token, event, members.</summary>
public sealed partial class UsageFirstRun
{
    private string? token;
    private bool busy;

    [Inject]
    public required TokenDirectory Tokens { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required PortalOptions Options { get; init; }

    /// <summary>From the verified sign-in of the page.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    private string Address => (string.IsNullOrEmpty(Options.PublicUrl) ? Navigation.BaseUri : Options.PublicUrl).TrimEnd('/') + UsageIntakeEndpoints.Path;

    private string Curl
    {
        get
        {
            var now = Time.GetUtcNow();
            return $$"""
                curl -X POST {{Address}} \
                  -H "Authorization: Bearer {{token ?? "TOKEN"}}" \
                  -H "Content-Type: application/x-ndjson" \
                  --data-binary '{"id":"first-{{now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}}","at":"{{now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}}","kind":"active","user":"alice@initech.example","version":"4.2.0","os":"Ubuntu 24.04","interface":"cli"}'
                """;
        }
    }

    private async Task MakeAsync()
    {
        busy = true;
        token = (await Tokens.AddAsync(VendorId, "Usage events", memberId: null, TokenKind.Telemetry, CancellationToken.None)).Token;
        busy = false;
    }
}
