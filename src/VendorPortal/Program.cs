using VendorPortal.Commands;

return await PortalCommands.RunAsync(args);
