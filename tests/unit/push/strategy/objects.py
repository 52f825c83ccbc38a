"""Objects of manifests that nobody here wrote."""

import yaml

DEPLOYMENT = yaml.safe_load("""
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: prod
  labels: {app: shop, team: blue}
  annotations: {note: one object's own}
spec:
  replicas: 3
  selector:
    matchLabels: {app: shop}
    matchExpressions: [{key: tier, operator: In, values: [web]}]
  template:
    metadata:
      labels: {app: shop, tier: web, version: v2}
      annotations: {checksum/config: abc}
    spec:
      containers: [{name: shop, image: "registry/shop:2"}]
""")
SERVICE = yaml.safe_load("""
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
""")
SCALER = yaml.safe_load("""
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}, maxReplicas: 9}
""")
