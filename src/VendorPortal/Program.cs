using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;

try
{
    var app = PortalApplication.Build(args);
    await app.Services.GetRequiredService<PortalMigrator>().MigrateAsync(CancellationToken.None);
    await app.Services.GetRequiredService<FirstOwner>().EnsureAsync(CancellationToken.None);
    await app.RunAsync();
    return 0;
}
catch (PortalConfigurationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
