FROM python:3.13-slim
COPY server /server
CMD ["python", "/server/main.py"]
