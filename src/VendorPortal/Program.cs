using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;

var app = PortalApplication.Build(args);
await app.Services.GetRequiredService<PortalMigrator>().MigrateAsync(CancellationToken.None);
await app.Services.GetRequiredService<FirstOwner>().EnsureAsync(CancellationToken.None);
await app.RunAsync();
