"""Everything of the Azure DevOps stand-in that describes the organization and its people."""

from local.azure_devops.metadata.routes import routes

__all__ = ["routes"]
