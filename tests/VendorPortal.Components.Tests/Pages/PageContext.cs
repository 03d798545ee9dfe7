using System.Globalization;
using System.Security.Claims;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Sections;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using VendorPortal.Classification;
using VendorPortal.Components.Controls;
using VendorPortal.Import;
using VendorPortal.Reports;
using VendorPortal.Security;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Pages;

/// <summary>Pages over a real store, for a member of <see cref="VendorStore.Acme"/>, with the frame's place for title and actions.</summary>
public abstract class PageContext : IAsyncLifetime
{
    private Task<dynamic?> open = null!;

    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    protected BunitContext Browser { get; } = new();

    protected VendorStore Store { get; private set; } = null!;

    protected NavigationManager Navigation => Browser.Services.GetRequiredService<NavigationManager>();

    /// <summary>What the dialog under test closed with; null while it is open.</summary>
    protected object? Closed => open.IsCompletedSuccessfully ? open.Result : null;

    public async Task InitializeAsync()
    {
        Store = await VendorStore.CreateAsync();
        Browser.JSInterop.Mode = JSRuntimeMode.Loose;
        Browser.Services.AddRadzenComponents();
        Browser.Services.AddSingleton<TimeProvider>(Store.Clock);
        Browser.Services.AddSingleton(Store.Feeds);
        Browser.Services.AddSingleton(Store.Customers);
        Browser.Services.AddSingleton(Store.Import);
        Browser.Services.AddSingleton(Store.Reader);
        Browser.Services.AddSingleton(Store.PastPulls);
        Browser.Services.AddSingleton(Store.Services.GetRequiredService<IngestHealthReader>());
        Browser.Services.AddSingleton(Store.Services.GetRequiredService<PullNotifications>());
        Browser.Services.AddSingleton(Store.Services.GetRequiredService<ImportJobs>());
        Browser.Services.AddSingleton<AntiforgeryStateProvider, NoAntiforgery>();
        var member = Browser.AddAuthorization();
        member.SetAuthorized("owner@acme.example");
        member.SetClaims(new Claim(PortalClaims.VendorId, VendorStore.Acme.ToString(CultureInfo.InvariantCulture)));
        Browser.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        open = Browser.Services.GetRequiredService<DialogService>().OpenAsync("Under test", _ => _ => { });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>The page with the frame's top row.</summary>
    protected IRenderedComponent<IComponent> RenderPage<TPage>(params (string Name, object Value)[] parameters)
        where TPage : IComponent => Browser.Render(builder =>
    {
        builder.OpenComponent<SectionOutlet>(0);
        builder.AddAttribute(1, nameof(SectionOutlet.SectionName), PageHeader.Section);
        builder.CloseComponent();
        builder.OpenComponent<TPage>(2);
        builder.AddMultipleAttributes(3, parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)));
        builder.CloseComponent();
    });

    /// <summary>The text as one reads it: the words of all elements, a space between them.</summary>
    protected static string Words(INode node) =>
        string.Join(' ', node.GetDescendants().OfType<IText>().SelectMany(t => t.Data.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    // Without requests there is nothing to guard.
    private sealed class NoAntiforgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}
